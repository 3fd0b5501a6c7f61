import { inText } from '../../../diag/diagnostic.ts'
import type { And, Condition } from '../../../lang/shared/outline.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly text: string
  readonly isName: boolean
}

export const idleBrackets = textRule<Params>({
  id: 'LNT426',
  slug: 'idle-brackets',
  severity: 'warning',
  yields: true,
  title: 'Brackets around a single name, or around alternatives without `or`',
  message: (p) =>
    p.isName
      ? `the brackets around \`${p.text}\` change nothing`
      : `\`${p.text}\` has no \`or\`, so an event must meet all of it`,
  why: 'Conditions without a word between them all have to hold, with and without brackets. Brackets there usually lost an `or`, and those around one name the function in front.',
  remedy: (p) =>
    p.isName
      ? 'write the function before the brackets, or remove them'
      : 'write `or` between them, or remove the brackets',
  checkText({ outline, source }) {
    if (outline.traits.foldsCase && !outline.traits.globTest) return []
    const found: Violation<Params>[] = []
    const add = (at: { start: number; end: number }, isName: boolean): void => {
      const text = source.text.slice(at.start, at.end).replace(/\s+/g, ' ')
      found.push({ at: inText(source, at), params: { text, isName } })
    }
    const visit = (c: Condition, parent: Condition['kind'] | undefined): void => {
      if (c.kind === 'and' && parent !== 'or' && parent !== 'not' && isChoice(c)) add(c.at, false)
      if (c.kind === 'and' || c.kind === 'or') for (const x of c.of) visit(x, c.kind)
      if (c.kind === 'not') visit(c.of, 'not')
    }
    for (const { steps } of outline.pipelines)
      for (const step of steps) {
        const name = ONE_NAME.exec(source.text.slice(step.at.start, step.at.end))
        // The scope of a search may have brackets around its words.
        const isScope = outline.traits.globTest && step.kind === 'filter' && step === steps[0]
        if (name && !isScope) add({ start: step.at.start, end: step.at.start + name[0].length }, true)
        else if (step.kind === 'filter') visit(step.where, undefined)
      }
    return found
  },
})

/** `(user)`, and `(as=Total)`: arguments without their function. */
const ONE_NAME = /^\(\s*([\w.#@]*[A-Za-z][\w.#@]*|(?:as|function)\s*=\s*\w+)\s*\)/

/** Only words, or one field or parameter with several conditions, and no `and` or `or` between them. */
function isChoice({ of, inBrackets, isWritten }: And): boolean {
  if (!inBrackets || isWritten) return false
  if (of.every(isWords)) return true
  const keys = of.map((c) =>
    c.kind !== 'compare' || c.op === '!=' || c.values.length !== 1
      ? undefined
      : { field: c.field, value: c.values[0]?.kind === 'hole' ? c.values[0].text : undefined },
  )
  const [first] = keys
  return (
    first !== undefined &&
    (keys.every((k) => k?.field === first.field) ||
      (first.value !== undefined && keys.every((k) => k?.value === first.value)))
  )
}

/** A word, or several in brackets of their own. */
const isWords = (c: Condition): boolean =>
  c.kind === 'text' ? !isPart(c.value.text) : c.kind === 'and' && c.inBrackets && c.of.every(isWords)

/** A sign, a piece of JSON, or of a text with wildcards at both ends: several are parts of one event. */
const isPart = (text: string): boolean => !/\w\w/.test(text) || text.includes('"') || /^\*|\*$/.test(text)
