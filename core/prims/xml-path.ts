// Paths into XML: the part of XPath 1.0 that search languages accept.

interface Step {
  readonly name: string
  /** 1-based position, the last one, or an attribute and its value; undefined: every one. */
  readonly pick: number | 'last' | { readonly attribute: string; readonly value: string | undefined } | undefined
}
export interface XmlPath {
  readonly steps: readonly Step[]
  readonly take: { readonly attribute: string } | 'text'
}

const STEP = /^([^[\]]+)(?:\[\s*(?:(\d+)|(last\(\))|@([^\s=\]]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s\]]+)))?)\s*\])?$/

/** `/a/b[2]/@id`, `…[last()]`, `…[@id=4]`, `…/text()`; undefined: another kind of XPath. */
export function xmlPath(written: string): XmlPath | undefined {
  const parts = written.trim().replace(/^\//, '').split('/')
  let take: XmlPath['take'] = 'text'
  const end = parts[parts.length - 1] ?? ''
  if (end === 'text()') parts.pop()
  else if (end.startsWith('@')) {
    take = { attribute: end.slice(1) }
    parts.pop()
  }
  const steps: Step[] = []
  for (const part of parts) {
    const m = STEP.exec(part.trim())
    if (!m || part.includes('::') || part.trim() === '..') return undefined
    const [, name, position, last, attribute, ...values] = m
    const value = values.find((v) => v !== undefined)
    steps.push({
      name: (name as string).trim(),
      pick: position ? Number(position) : last ? 'last' : attribute ? { attribute, value } : undefined,
    })
  }
  return steps.length === 0 ? undefined : { steps, take }
}
