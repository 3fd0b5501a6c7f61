// The record of a function as a short page in Markdown.
import type { Builtin, Evidence, ParamDoc } from '../lang/shared/builtin.ts'
import type { ReadLanguage } from '../workbench/language.ts'

/** Records of a name, in any case. A word may be a function and an aggregate. */
export function builtinsNamed({ read }: ReadLanguage, name: string): readonly Builtin<unknown>[] {
  const low = name.toLowerCase()
  return read.builtins.filter((b) => b.name.toLowerCase() === low || b.aliases?.some((a) => a.toLowerCase() === low))
}

/** `name(first, second=…)`. */
export function signatureOf(b: Builtin<unknown>): { readonly label: string; readonly parameters: readonly string[] } {
  const parameters = b.params.map(parameterText)
  const text = parameters.join(', ')
  return {
    label: b.category === 'operators' || b.category === 'parsing' ? `${b.name} ${text}`.trim() : `${b.name}(${text})`,
    parameters,
  }
}

const parameterText = (p: ParamDoc): string => {
  if (p.default !== undefined) return `${p.name}=${p.default}`
  return p.required ? p.name : `${p.name}?`
}

/** Kind, reason for its presence, values. */
export function parameterDoc(p: ParamDoc): string {
  const values = p.oneOf
    ? ` One of ${Object.entries(p.oneOf)
        .map(([v, doc]) => `\`${v}\`${doc === '' ? '' : ` (${doc})`}`)
        .join(', ')}.`
    : ''
  const standard = p.default === undefined ? (p.required ? ' Required.' : '') : ` Default: \`${p.default}\`.`
  return `${p.doc}${values}${standard}`
}

const evidenceText = (e: Evidence): string =>
  'vendorDoc' in e
    ? /^https?:/.test(e.vendorDoc)
      ? `[Vendor's page](${e.vendorDoc})`
      : `Source: ${e.vendorDoc}`
    : 'observed' in e
      ? `Observed: ${e.observed}`
      : `Assumed: ${e.assumed}`

/** `whole`: with notes, examples and the source of the facts. */
export function builtinPage({ id }: ReadLanguage, b: Builtin<unknown>, whole = true): string {
  const parts = [`\`\`\`${id}\n${signatureOf(b).label}\n\`\`\``, b.doc]
  if (b.deprecated) parts.push(`**Deprecated:** use ${b.deprecated.use}.`)
  if (b.params.length > 0) parts.push(b.params.map((p) => `- \`${p.name}\` ${parameterDoc(p)}`).join('\n'))
  if (b.output !== undefined) parts.push(`Output: \`${b.output}\`.`)
  if (!whole) return parts.join('\n\n')
  if (b.notes.length > 0) parts.push(b.notes.map((n) => `- ${n}`).join('\n'))
  const [example] = b.examples
  parts.push(`${example.title}:\n\`\`\`${id}\n${example.query.trimEnd()}\n\`\`\``)
  if (b.fidelity !== 'exact') parts.push(`In Assay: ${b.fidelity.differs}`)
  if (b.needsFile !== undefined) parts.push(`In Assay it needs a lookup file \`${b.needsFile}\`.`)
  parts.push(evidenceText(b.evidence))
  return parts.join('\n\n')
}
