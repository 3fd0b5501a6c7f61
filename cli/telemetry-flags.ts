// Flags of telemetry and engine as the engine takes them.

export const engineOptions = ({ memory, year }: { readonly memory: string; readonly year?: string }) => ({
  memoryLimit: memory,
  ...yearOption({ year }),
})

/** Left out: other times decide the year (`engine/inputs/years.ts`). */
export const yearOption = ({ year }: { readonly year?: string | undefined }): { readonly year?: number } =>
  year === undefined ? {} : { year: Number(year) }
