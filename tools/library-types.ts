// Types of the package, from the api.ts of each library: that file, and a declaration of each function.
import { readFileSync } from 'node:fs'

const functionsOf = (name: string, text: string): string[] => {
  const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1] ?? ''
  return [...body.matchAll(/^ {2}(\w+)\(/gm)].map((m) => m[1] as string)
}
const declared = (name: string, text: string): string =>
  functionsOf(name, text)
    .map((f) => `export declare const ${f}: ${name}['${f}']`)
    .join('\n')

/** File of dist → text. */
export function libraryTypes(): Readonly<Record<string, string>> {
  const core = readFileSync('core/library/api.ts', 'utf8')
  const node = readFileSync('engine/library/api.ts', 'utf8').replace("'../../core/library/api.ts'", "'./core.js'")
  return {
    'core.d.ts': `${core}\n${declared('Core', core)}\n`,
    'library.d.ts': `${node}\nexport * from './core.js'\n${declared('Library', node)}\n`,
  }
}
