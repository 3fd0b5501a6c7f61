/** What the events of a product carry in each of its feeds, as published and as seen in samples. */
export interface EventCatalogue {
  readonly name: string
  readonly title: string
  /** Feed → the format names by which it is recognised. */
  readonly feeds: Readonly<Record<string, readonly string[]>>
  /** The field that names the type of an event. */
  readonly typeField: string
  readonly events: readonly EventType[]
  /** What supplies a field that an event lacks, by a look-up, in one sentence; by field, for all event types. */
  readonly suppliers: Readonly<Record<string, string>>
  /** Names that count as known although no catalogued event has them ("bytes are in no sensor event"). Field → reason. */
  readonly inNoFeed: Readonly<Record<string, { readonly events: readonly string[]; readonly why: string }>>
}

export interface EventType {
  readonly name: string
  /** In every feed. */
  readonly fields: readonly string[]
  /** Only in some feeds. */
  readonly only: Readonly<Record<string, readonly string[]>>
  /** Only from some sensors or versions. */
  readonly sometimes: readonly string[]
}

export interface Supply {
  /** Feeds whose events of this type carry the field. */
  readonly inFeeds: readonly string[]
  /** One sentence; absent: nothing known supplies it. */
  readonly suppliedBy?: string
  /** No feed carries it and no look-up supplies it. */
  readonly never: boolean
}

/** What is known about a field of an event type; undefined if the catalogue does not know the type, or cannot rule the field out. */
export function whatSupplies(catalogue: EventCatalogue, event: string, field: string): Supply | undefined {
  const type = catalogue.events.find((e) => e.name === event)
  if (!type) return undefined
  const feeds = Object.keys(catalogue.feeds)
  const everywhere = type.fields.includes(field) || type.sometimes.includes(field)
  const inFeeds = everywhere ? feeds : feeds.filter((f) => type.only[f]?.includes(field))
  const none = Object.hasOwn(catalogue.inNoFeed, field) ? catalogue.inNoFeed[field] : undefined
  const never = inFeeds.length === 0 && none?.events.includes(event) === true
  const suppliedBy = Object.hasOwn(catalogue.suppliers, field) ? catalogue.suppliers[field] : undefined
  if (inFeeds.length === 0 && !never && suppliedBy === undefined) return undefined
  return { inFeeds, never, ...(inFeeds.length === feeds.length || suppliedBy === undefined ? {} : { suppliedBy }) }
}

/** The feed that a format's telemetry comes from. */
export const feedOf = (catalogue: EventCatalogue, format: string): string | undefined =>
  Object.keys(catalogue.feeds).find((f) => catalogue.feeds[f]?.includes(format))
