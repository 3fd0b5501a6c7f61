import type { z } from 'zod'

/** A key of assay.yml. */
export interface Section<K extends string = string, S extends z.ZodType = z.ZodType> {
  readonly key: K
  readonly schema: S
  /** The values are folders, relative to the file. They must lie inside the project. */
  readonly folders?: true
}

export const section = <K extends string, S extends z.ZodType>(s: Section<K, S>): Section<K, S> => s
