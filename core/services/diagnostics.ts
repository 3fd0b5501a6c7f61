// Diagnostics of an open document, and the edits that mend them.
import { readConfig } from '../config/config.ts'
import { detectionSchema } from '../detect/folder/schema.ts'
import { notYaml, unknownKey, wrongValue } from '../diag/catalogue/detect.ts'
import type { Diagnostic, Edit, Fix } from '../diag/diagnostic.ts'
import type { Span } from '../text/source.ts'
import { fixed } from '../workbench/lint.ts'
import { checkSchema } from '../yaml/check-schema.ts'
import { readYaml } from '../yaml/yaml-file.ts'
import { inDocument, type OpenText, placed, type Surroundings } from './document.ts'

/** In the order of the document. Places are those of the document. */
export function diagnosticsOf(document: OpenText, around: Surroundings = {}): readonly Diagnostic[] {
  switch (document.kind) {
    case 'settings':
      return readConfig(document.source).diagnostics
    case 'detection': {
      const yaml = readYaml(document.source, notYaml)
      if (yaml.diagnostics.length > 0) return yaml.diagnostics
      return checkSchema(yaml, detectionSchema, { unknownKey, wrongValue }).diagnostics
    }
    default:
      return document.parts
        .filter((p) => !p.promised)
        .flatMap((p) => p.query.linted(around).diagnostics.map((d) => placed(document, p, d)))
  }
}

export interface CodeAction {
  readonly title: string
  readonly safety: Fix['safety']
  readonly diagnostic: Diagnostic
  readonly edits: readonly Edit[]
}

/** The fixes of the diagnostics that touch a span. */
export function actionsAt(document: OpenText, span: Span, around: Surroundings = {}): CodeAction[] {
  return diagnosticsOf(document, around).flatMap((diagnostic): CodeAction[] => {
    const { at, fixes } = diagnostic
    if (at.kind !== 'text' || at.source !== document.source) return []
    if (at.span.start > span.end || at.span.end < span.start) return []
    return fixes.flatMap(({ title, safety, edits }) => (edits.length > 0 ? [{ title, safety, diagnostic, edits }] : []))
  })
}

/** All safe fixes of the document. */
export function fixesOf(document: OpenText, around: Surroundings = {}): Edit[] {
  return document.parts.flatMap((part): Edit[] => {
    if (part.promised) return []
    const { query } = part
    const { text } = fixed(query.source, query.language.id, around.context)
    return text === query.text ? [] : [replaced(document, part, text)]
  })
}

/** The layout of every query of the document. */
export function formatted(document: OpenText): Edit[] {
  return document.parts.flatMap((part): Edit[] => {
    const { query } = part
    const text = query.language.format?.(query.source)
    return text === undefined || text === query.text ? [] : [replaced(document, part, text)]
  })
}

/** The edit that makes a part this text: the part between the beginning and the end that both have. */
function replaced(document: OpenText, part: OpenText['parts'][number], text: string): Edit {
  const old = part.query.text
  const most = Math.min(old.length, text.length)
  let start = 0
  while (start < most && old[start] === text[start]) start++
  let end = 0
  while (end < most - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++
  // Half of a pair must not be an edit of its own.
  const isHalf = (i: number): boolean => /[\udc00-\udfff]/.test(old[i] ?? '')
  while (start > 0 && isHalf(start)) start--
  while (end > 0 && isHalf(old.length - end)) end--
  const span = inDocument(document, part, { start, end: old.length - end })
  return { span, text: text.slice(start, text.length - end) }
}
