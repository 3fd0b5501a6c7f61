// Which format each file has, and why.
import { decoded, empty, plainMessages, unrecognised } from '../../core/diag/catalogue/log.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { formats, plainText, recognise } from '../../core/logs/registry.ts'
import { probe } from './probe.ts'
import type { Input, Recognised } from './types.ts'

export interface Recognition {
  readonly files: readonly Recognised[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Looks at the head of every file. Files that nothing can read are left out, with a diagnostic each. `asMessages`: whoever asks parses
 * messages himself, so text that no format fits is taken line by line. Never throws.
 */
export function recogniseInputs(inputs: readonly Input[], asMessages = false): Recognition {
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
      diagnostics.push(
        diagnostic(decoded, inLog(input.name), { path: input.name, charset: probed.charset.toUpperCase() }),
      )
    const [best, ...others] = recognise(probed.head)
    if (!best) {
      const head = (probed.head.find((l) => l.trim() !== '') ?? '').slice(0, 60)
      if (asMessages) {
        diagnostics.push(diagnostic(plainMessages, inLog(input.name), { path: input.name, head }))
        files.push({ ...probed, format: plainText.name, why: 'unknown format', others: [] })
        continue
      }
      const tried = formats.filter((f) => f !== plainText).map((f) => f.name)
      diagnostics.push(diagnostic(unrecognised, inLog(input.name), { path: input.name, tried, head }))
      continue
    }
    files.push({
      ...probed,
      format: best.format.name,
      why: best.why,
      others: others.map((o) => ({ format: o.format.name, score: o.score, why: o.why })),
    })
  }
  if (nothing.length > 0) diagnostics.push(diagnostic(empty, inLog(nothing[0] as string), { paths: nothing }))
  return { files, diagnostics }
}
