// Which format each file has, and why.
import { decoded, empty, unrecognised } from '../core/diag/catalogue/log.ts'
import { type Diagnostic, inLog, report } from '../core/diag/diagnostic.ts'
import { formats, recognise } from '../core/logs/registry.ts'
import { probe } from './probe.ts'
import type { Input, Recognised } from './types.ts'

export interface Recognition {
  readonly files: readonly Recognised[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Looks at the head of every file. Files that nothing can read are left out, with a diagnostic each. Never throws. */
export function recogniseInputs(inputs: readonly Input[]): Recognition {
  const files: Recognised[] = []
  const diagnostics: Diagnostic[] = []
  const nothing: string[] = []
  for (const input of inputs) {
    const probed = probe(input)
    if ('code' in probed) {
      diagnostics.push(probed)
      continue
    }
    if (probed.head.every((l) => l.trim() === '') && input.size < 4096) {
      nothing.push(input.name)
      continue
    }
    if (probed.charset !== 'utf-8')
      diagnostics.push(report(decoded, inLog(input.name), { path: input.name, charset: probed.charset.toUpperCase() }))
    const [best, ...others] = recognise(probed.head)
    if (!best) {
      const head = (probed.head.find((l) => l.trim() !== '') ?? '').slice(0, 60)
      const tried = formats.map((f) => f.name)
      diagnostics.push(report(unrecognised, inLog(input.name), { path: input.name, tried, head }))
      continue
    }
    files.push({
      ...probed,
      format: best.format.name,
      why: best.why,
      others: others.map((o) => ({ format: o.format.name, score: o.score, why: o.why })),
    })
  }
  if (nothing.length > 0) diagnostics.push(report(empty, inLog(nothing[0] as string), { paths: nothing }))
  return { files, diagnostics }
}
