import { inText } from '../../../diag/diagnostic.ts'
import { allTests } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

/** Variables of Windows, which have `%` around their names. */
const VARIABLE =
  /%(?:allusersprofile|(?:local)?appdata|comspec|home(?:drive|path)|os|path|program(?:data|files\w*)|public|system(?:drive|root)|te?mp|user(?:name|profile)|windir)%/i
const CAPITALS = /%[A-Z_]{2,}%/

export const percentWildcard = textRule<{ readonly value: string; readonly rewrite: string }>({
  id: 'LNT424',
  slug: 'percent-wildcard',
  severity: 'warning',
  title: 'The wildcard of SQL',
  message: (p) => `\`%\` in "${p.value}" is compared as the character \`%\``,
  why: 'Only `*` is a wildcard. `%` is the one of SQL.',
  remedy: (p) => `write \`${p.rewrite}\``,
  checkText({ outline, source }) {
    const { traits } = outline
    return allTests(outline).flatMap(({ test }): Violation<{ value: string; rewrite: string }>[] => {
      const [value] = test.values
      const takes = test.op === 'contains' || (test.hasWildcards && (test.op === '=' || test.op === '!='))
      if (!takes || value?.kind !== 'text' || test.values.length !== 1) return []
      const isLike = test.op === 'contains' || traits.globTest !== undefined
      if (!isLike || !/^%[^%]+%?$|^[^%]+%$/.test(value.text) || isVariable(value.text)) return []
      const glob = value.text.replace(/^%|%$/g, '*')
      const rewrite = traits.globTest?.(test.field, glob, test.op === '!=') ?? `${test.field}="${glob}"`
      const fixes = [{ title: 'write `*`', edits: [{ span: test.at, text: rewrite }], safety: 'unsafe' as const }]
      return [{ at: inText(source, value.at), params: { value: value.text, rewrite }, fixes }]
    })
  },
})

const isVariable = (text: string): boolean => VARIABLE.test(text) || CAPITALS.test(text) || /\d%$/.test(text)
