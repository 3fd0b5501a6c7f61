import { inText } from '../../../diag/diagnostic.ts'
import { textRule } from '../../rule.ts'

export const oddDefault = textRule<{ readonly name: string; readonly value: string }>({
  id: 'LNT436',
  slug: 'odd-default',
  severity: 'warning',
  title: 'A default that begins with an equals sign',
  message: (p) => `the default of \`?${p.name}\` is the text \`${p.value}\``,
  why: 'One equals sign separates a parameter from its default. A second one is the first character of the value, and few values begin with it.',
  remedy: (p) => `write \`?{${p.name}=${p.value.slice(1)}}\``,
  checkText({ outline, source }) {
    if (outline.traits.foldsCase) return []
    return [...source.text.matchAll(/\?\{\s*([\w.-]+)\s*=(=[^}\n]*)\}/g)].map((m) => {
      const start = m.index + m[0].indexOf('=')
      return {
        at: inText(source, { start, end: start + 2 }),
        params: { name: m[1] ?? '', value: m[2] ?? '' },
        fixes: [
          { title: 'remove one sign', edits: [{ span: { start, end: start + 1 }, text: '' }], safety: 'safe' as const },
        ],
      }
    })
  },
})
