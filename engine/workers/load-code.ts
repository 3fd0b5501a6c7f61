// Loads the program's code as scripts, each with the bytecode that V8 made of it when the program was built (tools/bytecode.ts). To parse a
// megabyte of modules takes longer than a small run. Modules of Node 20 cannot have bytecode, scripts can. V8 refuses bytecode of another
// version of itself, and then parses the script.
import { isAscii } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'

interface Module {
  exports: Readonly<Record<string, unknown>>
}
type Body = (require: (name: string) => unknown, module: Module, exports: Module['exports'], meta: ImportMeta) => void

const loaded = new Map<string, Module>()
const native = createRequire(import.meta.url)

/**
 * V8 of Node 20 optimises a function after 66 KB of bytecode, which takes a third of the time of a run over a hundred megabytes; most of those functions end
 * soon after. V8 of Node 22 has another compiler for them and no such flag. Bytecode is refused if the flags differ, so this comes first.
 */
export function optimiseLater(): void {
  if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--interrupt-budget=400000')
}

/** The text of a script as it is compiled. */
export const asFunction = (body: string): string => `(function(require,module,exports,assayMeta){${body}\n})`

/** Runs `./NAME` of the bundle, once. Returns what it exports. */
export function load(name: string): Module['exports'] {
  const before = loaded.get(name)
  if (before) return before.exports
  const file = join(import.meta.dirname, name)
  const bytecode = `${file}.v8`
  const text = readFileSync(file)
  const body = text.toString(isAscii(text) ? 'latin1' : 'utf8')
  const script = new Script(asFunction(body), {
    filename: file,
    ...(existsSync(bytecode) && { cachedData: readFileSync(bytecode) }),
  })
  const module: Module = { exports: {} }
  loaded.set(name, module)
  const run = script.runInThisContext() as Body
  run((of) => (of.startsWith('./') ? load(of) : native(of)), module, module.exports, import.meta)
  return module.exports
}
