// Flags of telemetry and engine as the engine takes them.

/** Log times without a year are of this one. */
export const engineOptions = ({ memory, year }: { readonly memory: string; readonly year?: string }) => ({
  memoryLimit: memory,
  ...yearOption({ year }),
})

export const yearOption = ({ year }: { readonly year?: string | undefined }): { readonly year: number } => ({
  year: year === undefined ? new Date().getUTCFullYear() : Number(year),
})
