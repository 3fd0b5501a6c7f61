// A copy of the repository without its tests, in which tests remove and restore parts. The tests of a process share one copy, and each
// restores it. The compiler then checks only changed files, in a fifth of the time.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'

const house = resolve('.')
const TSC = join(house, 'node_modules/typescript/bin/tsc')

export class HouseCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'assay-house-'))

  constructor(rooms: readonly string[]) {
    for (const part of [...rooms, 'tools/gen-registries.ts', 'package.json', 'NOTICE'])
      cpSync(join(house, part), join(this.root, part), { recursive: true, filter: (f) => !f.endsWith('.test.ts') })
    const config = JSON.parse(this.#ofHouse('tsconfig.json')) as { compilerOptions: object }
    this.write('tsconfig.json', JSON.stringify({ ...config, include: [...rooms, 'try*.ts'] }))
    symlinkSync(join(house, 'node_modules'), join(this.root, 'node_modules'))
  }

  #ofHouse = (path: string): string => readFileSync(join(house, path), 'utf8')

  read = (path: string): string => readFileSync(join(this.root, path), 'utf8')
  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text)
  }
  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true })
  }
  /** Copies a file or folder from the repository again. */
  restore(path: string): void {
    cpSync(join(house, path), join(this.root, path), { recursive: true, filter: (f) => !f.endsWith('.test.ts') })
  }

  /** Runs a script of the copy and returns its output. Throws if it fails. */
  node(script: string): string {
    return execFileSync(process.execPath, [this.#bundled(script)], { cwd: this.root, encoding: 'utf8' })
  }
  #bundled(script: string, name = '.bundle.mjs'): string {
    const outfile = join(this.root, name)
    const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' } as const
    buildSync({ ...options, entryPoints: [join(this.root, script)], outfile })
    return outfile
  }
  generate(): void {
    this.#generator ??= this.#bundled('tools/gen-registries.ts', '.generator.mjs')
    execFileSync(process.execPath, [this.#generator], { cwd: this.root })
  }
  #generator: string | undefined
  assay(...args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
    const outfile = this.#bundled('cli/assay.ts')
    return spawnSync(process.execPath, [outfile, ...args], { cwd: this.root, encoding: 'utf8' })
  }
  /** The lines that the compiler prints. */
  complaints(): string[] {
    const { stdout } = spawnSync(
      process.execPath,
      [TSC, '-p', 'tsconfig.json', '--pretty', 'false', '--checkers', '1'],
      {
        cwd: this.root,
        encoding: 'utf8',
      },
    )
    return stdout.split('\n').filter((line) => line !== '')
  }
  /** Files in which the compiler finds an error. */
  broken(complaints = this.complaints()): string[] {
    return [...new Set(complaints.flatMap((l) => /^(\S+?)\(\d+,\d+\): error/.exec(l)?.[1] ?? []))]
  }
}

let shared: HouseCopy | undefined
export function houseCopy(): HouseCopy {
  if (shared) return shared
  const copy = new HouseCopy(['core', 'engine', 'cli', 'web'])
  process.once('exit', () => rmSync(copy.root, { recursive: true, force: true }))
  shared = copy
  return copy
}
