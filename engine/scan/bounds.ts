/** An interval in microseconds UTC, `end` exclusive. Null: all events. */
export type Bounds = { readonly start: bigint; readonly end: bigint } | null
