// The format of each file, and the evidence for it.
import { decoded, empty, plainMessages, unrecognised } from '../../core/diag/catalogue/log.ts'
import { cut } from '../../core/text/cut.ts'
import { type Diagnostic, inLog, diagnostic } from '../../core/diag/diagnostic.ts'
import { sysmonXml } from '../../core/logs/formats/sysmon-xml.ts'
import { formats, plainText, recognise } from '../../core/logs/registry.ts'
import { PARSER_FORMAT } from '../../core/workbench/parser-script.ts'
import { longerHead, probe } from './probe.ts'
import type { ReadParser } from './parser-file.ts'
import type { Input, Recognised } from './input.ts'

export interface Recognition {
  readonly files: readonly Recognised[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Recognises the format of every file by its head. A file that no format can read is left out, with a diagnostic. `asMessages`: the query
 * parses messages itself, so text that fits no format is read line by line. `parser`: reads all files; a rule for fields adds to their formats.
 * Never throws.
 */
export function recogniseInputs(
  inputs: readonly Input[],
  { asMessages = false, parser }: { readonly asMessages?: boolean; readonly parser?: ReadParser | undefined } = {},
): Recognition {
  const rule = parser?.isRule ? { parser: parser.script } : {}
  const files: Recognised[] = []
  const diagnostics: Diagnostic[] = []
  const emptyFiles: string[] = []
  for (const input of inputs) {
    const result = probe(input)
    if (!result.ok) {
      diagnostics.push(...result.diagnostics)
      continue
    }
    let probed = result.value
    if (!probed.evtx && probed.head.every((l) => l.trim() === '') && input.size < 4096) {
      emptyFiles.push(input.name)
      continue
    }
    if (probed.charset !== 'utf-8')
      diagnostics.push(
        diagnostic(decoded, inLog(input.name), { path: input.name, charset: probed.charset.toUpperCase() }),
      )
    if (parser && !parser.isRule) {
      const { script } = parser
      const why = `read by ${script.source.name}`
      files.push({ ...probed, format: PARSER_FORMAT, parser: script, why, others: [] })
      continue
    }
    if (probed.evtx) {
      files.push({ ...probed, format: sysmonXml.name, why: 'a Windows event log (EVTX)', others: [] })
      continue
    }
    let [best, ...others] = recognise(probed.head)
    // An array on one line is one by its beginning. Other formats need the line, a header above all.
    const longer = best?.format.unit === 'file' ? undefined : longerHead(probed)
    if (longer) {
      probed = longer
      ;[best, ...others] = recognise(probed.head)
    }
    if (!best) {
      const head = cut(probed.head.find((l) => l.trim() !== '') ?? '', 60)
      if (asMessages || 'parser' in rule) {
        diagnostics.push(diagnostic(plainMessages, inLog(input.name), { path: input.name, head }))
        files.push({ ...probed, ...rule, format: plainText.name, why: 'unknown format', others: [] })
        continue
      }
      const tried = formats.filter((f) => f !== plainText).map((f) => f.name)
      diagnostics.push(diagnostic(unrecognised, inLog(input.name), { path: input.name, tried, head }))
      continue
    }
    files.push({
      ...probed,
      ...rule,
      format: best.format.name,
      why: best.why,
      score: best.score,
      others: others.map((o) => ({ format: o.format.name, score: o.score, why: o.why })),
    })
  }
  if (emptyFiles.length > 0) diagnostics.push(diagnostic(empty, inLog(emptyFiles[0] as string), { paths: emptyFiles }))
  return { files, diagnostics }
}
