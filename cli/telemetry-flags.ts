// Converts the flags for telemetry and engine to the engine's options.

export const engineOptions = ({ memory, year }: { readonly memory: string; readonly year?: string }) => ({
  memoryLimit: memory,
  ...yearOption({ year }),
})

/** Without the flag, other times decide the year (`engine/inputs/years.ts`). */
export const yearOption = ({ year }: { readonly year?: string | undefined }): { readonly year?: number } =>
  year === undefined ? {} : { year: Number(year) }
