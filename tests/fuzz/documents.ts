// Pages, detection.yml, assay.yml, Sigma rules and parser packages: whatever is wrong with them is a diagnostic.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { readConfig } from '../../core/config/config.ts'
import { readDetection } from '../../core/detect/folder/folder.ts'
import { renderDiagnostics } from '../../core/diag/render.ts'
import { lint } from '../../core/workbench/lint.ts'
import { parserFormat, parserScript } from '../../core/workbench/parser-format.ts'
import { testPage } from '../../engine/cases/test-cases.ts'
import { knownFiles } from '../../tools/known-files.ts'
import { mutateText } from './mutate.ts'
import { type Count, type Fault, guarded, type Outcome } from './oracle.ts'
import type { Random } from './random.ts'

export interface Document {
  /** The ending decides how it is read. */
  readonly name: string
  readonly text: string
}

export function documentCorpus(): readonly Document[] {
  const names = knownFiles('*.yml', '*.yaml', '*.case.md').filter((f) => !f.startsWith('tests/fuzz/regressions'))
  return names.map((name) => ({ name, text: readFileSync(name, 'utf8') })).filter((d) => d.text.length < 60_000)
}

const YAML = [
  '&a ',
  '*a',
  '<<: *a',
  '!!binary ',
  '!!js/undefined ',
  '? [a, b]\n: c',
  '{}',
  '[]',
  '~',
  '.nan',
  '.inf',
  '0o17',
  '2026-13-45',
  '|\n  x',
  '>-\n  x',
  '---\n',
  '...\n',
  '__proto__: {a: 1}',
  'constructor: x',
  '\t',
  '"\\ud800"',
  '%YAML 1.1\n',
]

export function mutatedDocument(corpus: readonly Document[], random: Random): Document {
  const { name, text } = random.pick(corpus)
  const others = [random.pick(corpus).text, ...YAML]
  const lines = text.split('\n')
  for (let n = random.int(3); n > 0; n--) {
    const at = random.int(lines.length)
    const change = random.int(4)
    if (change === 0) lines.splice(at, 1 + random.int(3))
    else if (change === 1) lines.splice(at, 0, `${/^\s*/.exec(lines[at] ?? '')?.[0]}${random.pick(YAML)}`)
    else if (change === 2) lines[at] = `${/^[^:]*:? ?/.exec(lines[at] ?? '')?.[0]}${random.pick(YAML)}`
    else lines[at] = `${' '.repeat(random.int(5))}${lines[at]}`
  }
  return { name: basename(name), text: mutateText(lines.join('\n'), others, ['__proto__', 'constructor'], random) }
}

export async function tryDocument({ name, text }: Document): Promise<Outcome> {
  const counts: Count[] = []
  const faults: Fault[] = []
  const source = { name, text }
  if (name.endsWith('.md')) {
    const page = await guarded('page', faults, () => testPage(source, { executors: [], accept: true }))
    if (page && page.cases.length > 0) counts.push('parsed')
    if (page?.cases.some((c) => c.status === 'passed')) counts.push('ran', 'counted')
    // A case may fail; the evaluator may not.
    for (const f of page?.cases.flatMap((c) => c.failures) ?? [])
      if (f.what === 'the evaluator failed') faults.push({ kind: 'throw', text: f.detail.join('\n') })
    return { counts, faults }
  }
  const folder = await guarded('detection.yml', faults, () => readDetection(new Map([['detection.yml', text]])))
  const config = await guarded('assay.yml', faults, () => readConfig(source))
  const rule = await guarded('Sigma', faults, () => lint(source, 'sigma'))
  await guarded('parser', faults, () => {
    const script = parserScript(source)
    return script.ok && parserFormat(script.value)
  })
  const said = [...(folder?.diagnostics ?? []), ...(config?.diagnostics ?? []), ...(rule?.diagnostics ?? [])]
  await guarded('diagnostics', faults, () => renderDiagnostics(said, { colour: false }))
  if (folder?.yaml?.diagnostics.length === 0) counts.push('parsed')
  if (folder?.detection || rule?.compiled.plan) counts.push('ran', 'counted')
  return { counts, faults }
}
