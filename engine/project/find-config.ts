// Where assay.yml of a project is. Reading it takes parsers that most runs do not need.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { CONFIG_FILE } from '../../core/config/config-file.ts'

/** The nearest folder at or above `folder` that has a file of that name. */
export function above(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, name))) return at
    if (at === dirname(at)) return undefined
  }
}

export const findConfig = (cwd: string): string | undefined => above(resolve(cwd), CONFIG_FILE)
