import { type Fix, inText } from '../../../diag/diagnostic.ts'
import type { Condition, Outline } from '../../../lang/shared/outline.ts'
import { filtersOf, parts, visitCondition } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly found: string
  readonly meant: string
}

const CONNECTIVES: readonly (readonly [string, RegExp])[] = [
  ['and', /^(?:adn|nad|aand|annd|andd|nd)$/i],
  ['or', /^(?:orr|oor)$/i],
  ['not', /^(?:nto|ont|nnot|noot|nott)$/i],
]

export const slipInFilter = textRule<Params>({
  id: 'LNT419',
  slug: 'slip-in-filter',
  severity: 'warning',
  title: 'A word to search for that looks like a slip',
  message: (p) => `\`${p.found}\` is a word to search for here`,
  why: 'A filter searches for each word that it does not know, so a slip of the keyboard is one more condition that events rarely meet.',
  remedy: (p) => `write ${p.meant}, or put the word in quotes`,
  checkText({ outline, source }) {
    const found: Violation<Params>[] = []
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        const of = c.kind === 'and' ? parts(c, 'and') : c === where ? [c] : []
        of.forEach((x, i) => {
          const slip = slipAt(of, i, outline)
          if (slip === undefined || found.some((f) => f.at.kind === 'text' && f.at.span.start === x.at.start)) return
          const at = x.at
          const fixes =
            slip.becomes === undefined
              ? []
              : [{ title: `write ${slip.meant}`, edits: [{ span: at, text: slip.becomes }], safety: safetyOf(x) }]
          const params = { found: source.text.slice(at.start, at.end), meant: slip.meant }
          found.push({ at: inText(source, at), params, fixes })
        })
      })
    return found
  },
})

interface Slip {
  readonly meant: string
  readonly becomes?: string
}

function slipAt(of: readonly Condition[], i: number, { traits }: Outline): Slip | undefined {
  const word = bareText(of[i])
  if (word === undefined) return undefined
  const next = of[i + 1]
  if (of.length > 1)
    for (const [meant, slips] of CONNECTIVES) if (slips.test(word)) return { meant: `\`${meant}\``, becomes: meant }
  if (word === '&&') return { meant: '`and`', becomes: 'and' }
  if (/^[&~^;`]$/.test(word)) return { meant: 'the condition without it' }
  // At the beginning, it is a rule for fields, which has no scope.
  if (traits.globTest) return i > 0 ? stageInScope(word, of, i) : undefined
  if (/^(?:case|match)$/i.test(word)) return { meant: `\`${word.toLowerCase()} { … }\`` }
  if (
    /^(?:[#@\w.[\]]+)?:$/.test(word) &&
    next?.kind === 'text' &&
    (word === ':' || next.value.kind !== 'bare') &&
    (word !== ':' || i > 0)
  )
    return { meant: '`=` between the field and its value' }
  // `#type:falcon`, `Vendor.category:Alert`: a tag, or a name as fields have them.
  return /^(?:#[\w.]+|[A-Z][a-z]+(?:[A-Z]\w*)+|[a-z]+_\w+|[A-Za-z]\w*(?:\.\w+)+):[A-Za-z*"]/.test(word)
    ? { meant: '`=` between the field and its value', becomes: word.replace(':', '=') }
    : undefined
}

/** An operator in a scope, followed as in a stage: `… json "a" as b`. */
function stageInScope(word: string, of: readonly Condition[], i: number): Slip | undefined {
  const next = of[i + 1]
  const isQuoted = next?.kind === 'text' && next.value.kind === 'text'
  const isStage =
    (/^(?:json|parse)$/i.test(word) &&
      (isQuoted || (next?.kind === 'compare' && next.field.toLowerCase() === 'field'))) ||
    (/^parse$/i.test(word) && /^regex$/i.test(bareText(next) ?? '')) ||
    (/^csv$/i.test(word) && /^_raw$/i.test(bareText(next) ?? '')) ||
    (/^where$/i.test(word) && (next?.kind === 'compare' || /^!?\w+$/.test(bareText(next) ?? ''))) ||
    (/^count$/i.test(word) && /^by$/i.test(bareText(next) ?? ''))
  return isStage ? { meant: `\`|\` before \`${word}\`` } : undefined
}

/** No log has `&&` as a word on its own. A misspelt word may be one. */
const safetyOf = (c: Condition): Fix['safety'] => (bareText(c) === '&&' ? 'safe' : 'unsafe')

const bareText = (c: Condition | undefined): string | undefined =>
  c?.kind === 'text' && c.value.kind === 'bare' ? c.value.text : undefined
