import { inText } from '../../../diag/diagnostic.ts'
import { allTests, filtersOf, visitCondition } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

/** Parts that a pattern has and a text to compare with has not. An alternation needs two words around it. */
const REGEX_PARTS = [
  /^\.\*|[A-Za-z]\.\*[A-Za-z(\\]/,
  /\\[dwsDWS][+*{]|\\d\b/,
  /\[(?:a-z|A-Z|0-9|\^)[^\]]*\]/,
  /^\^.+\$$/,
  /^\(\?[:i]/,
  /^\(?[\w.\\-]+(?:\|[\w.\\-]+)+\)?$/,
]

export const regexAsText = textRule<{ readonly value: string; readonly rewrite: string }>({
  id: 'LNT405',
  slug: 'regex-as-text',
  severity: 'warning',
  title: 'A regular expression in quotes',
  message: (p) => `"${p.value}" is compared as text, and it looks like a regular expression`,
  why: 'Between quotes only `*` has a meaning, if any. The characters of a regular expression are compared as they are.',
  remedy: (p) => `write \`${p.rewrite}\``,
  checkText({ outline, source }) {
    const { regexValue } = outline.traits
    if (!regexValue) return []
    const found: Violation<{ value: string; rewrite: string }>[] = []
    for (const { test } of allTests(outline)) {
      const [value] = test.values
      if (!value || !['=', '!=', 'contains'].includes(test.op)) continue
      // `f=a\.exe/i`: only the first slash is missing.
      const isCut =
        value.kind === 'bare' &&
        /^[^/](?:(?=.*\/[A-Za-z]?$).*\\[.\\dws].*\/[A-Za-z]?$|.*\w\/(?:i|F|iF|Fi)$)/.test(value.text)
      if (!isCut && (value.kind !== 'text' || !isRegex(value.text))) continue
      const rewrite = isCut
        ? `${test.field}${test.op}/${value.text}`
        : regexValue(test.field, betweenSlashes(value.text) ?? value.text, test.op === '!=')
      found.push({
        at: inText(source, value.at),
        params: { value: value.text, rewrite },
        fixes: [
          { title: 'compare with the regular expression', edits: [{ span: test.at, text: rewrite }], safety: 'unsafe' },
        ],
      })
    }
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        if (c.kind !== 'text' || c.value.kind !== 'text' || !isRegex(c.value.text)) return
        const rewrite = `/${betweenSlashes(c.value.text) ?? c.value.text}/`
        found.push({ at: inText(source, c.at), params: { value: c.value.text, rewrite } })
      })
    return found
  },
})

/** `"/bob\d+/"`: the slashes belong around the pattern, in place of the quotes. A path has none of these characters. */
const betweenSlashes = (text: string): string | undefined =>
  /^\/(.*(?:\.[*+]|\\[.wsdbWSDB]|[\^$|]|\(\?).*)\/$/.exec(text)?.[1]

const isRegex = (text: string): boolean =>
  betweenSlashes(text) !== undefined || (REGEX_PARTS.some((r) => r.test(text)) && !/[{}<>]{2}/.test(text))
