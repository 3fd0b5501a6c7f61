import { type Fix, inText } from '../../../diag/diagnostic.ts'
import type { Condition, Outline, Value } from '../../../lang/shared/outline.ts'
import { allTests, filtersOf, parts, visitCondition } from '../../conditions.ts'
import { isKnownField } from '../../known-fields.ts'
import { textRule, type Violation } from '../../rule.ts'
import { signsInScope, stageInScope } from './scope.ts'
import { bareText, type Slip } from './slip.ts'

interface Params {
  readonly found: string
  readonly meant: string
  readonly isSign: boolean
}

const CONNECTIVES: readonly (readonly [string, RegExp])[] = [
  ['and', /^(?:adn|nad|aand|annd|andd|ands|nd)$/i],
  ['or', /^(?:orr|oor|ors)$/i],
  ['not', /^(?:nto|ont|nnot|noot|nott)$/i],
]

export const slipInFilter = textRule<Params>({
  id: 'LNT419',
  slug: 'slip-in-filter',
  severity: 'warning',
  title: 'A word to search for that looks like a slip',
  message: (p) =>
    p.isSign
      ? `\`${p.found}\` is a sign of expressions; a scope compares with ${p.meant}`
      : `\`${p.found}\` is a word to search for here`,
  why: 'A filter searches for each word that it does not know, so a slip of the keyboard is one more condition that events rarely meet.',
  remedy: (p) => (p.isSign ? `write ${p.meant}` : `write ${p.meant}, or put the word in quotes`),
  checkText({ outline, source }) {
    const found: Violation<Params>[] = []
    const add = (c: Condition, slip: Slip): void => {
      const at = slip.at ?? c.at
      if (found.some((f) => f.at.kind === 'text' && f.at.span.start === at.start)) return
      const fixes =
        slip.becomes === undefined
          ? []
          : [
              {
                title: `write ${slip.meant}`,
                edits: [{ span: at, text: slip.becomes }],
                safety: slip.safety ?? safetyOf(c),
              },
            ]
      const params = { found: source.text.slice(at.start, at.end), meant: slip.meant, isSign: slip.isSign === true }
      found.push({ at: inText(source, at), params, fixes })
    }
    for (const where of filtersOf(outline))
      visitCondition(where, (c) => {
        if (c.kind === 'not' && bareText(c.of) === '--') add(c.of, COMMENT)
        const of = c.kind === 'and' || c.kind === 'or' ? parts(c, c.kind) : c === where ? [c] : []
        of.forEach((x, i) => {
          const slip =
            (outline.traits.globTest ? signsInScope(x, source.text) : undefined) ??
            (c.kind === 'or'
              ? slipInOr(x, source.text, outline)
              : (slipAt(of, i, source.text, outline) ??
                (outline.traits.globTest ? undefined : lostSign(x, source.text)) ??
                onceMore(of, i, source.text, outline)))
          if (slip !== undefined) add(x, slip)
        })
      })
    // SQL, KQL and YARA-L begin comments with two dashes. No log has them as a word to search for.
    for (const { test } of allTests(outline))
      for (const { kind, text, at } of test.values)
        if (kind === 'bare' && text === '--')
          found.push({
            at: inText(source, at),
            params: { found: text, meant: '`//` before a comment', isSign: false },
            fixes: [],
          })
    return found
  },
})

const COMMENT: Slip = { meant: '`//` before a comment', becomes: '//' }

/** `f=a * or f=b`, `'error' or "fatal"`: parts of an `or` that are no conditions. */
function slipInOr(c: Condition, text: string, { traits }: Outline): Slip | undefined {
  if (traits.globTest) return undefined
  if (bareText(c) === '--') return COMMENT
  return text.slice(c.at.start, c.at.end) === '*' ? { meant: 'the condition without it' } : undefined
}

/** `DeviceClass"Hub"`, `Category?cat`: a value, and its name without space before it. */
function lostSign(c: Condition, text: string): Slip | undefined {
  const isValue = c.kind === 'text' && (c.value.kind === 'text' || c.value.kind === 'hole' || c.value.kind === 'regex')
  return isValue && /\w/.test(text[c.at.start - 1] ?? '') ? { meant: '`=` between the field and its value' } : undefined
}

function slipAt(of: readonly Condition[], i: number, text: string, outline: Outline): Slip | undefined {
  const { traits } = outline
  const word = bareText(of[i])
  if (word === undefined) return undefined
  const next = of[i + 1]
  if (of.length > 1)
    for (const [meant, slips] of CONNECTIVES) if (slips.test(word)) return { meant: `\`${meant}\``, becomes: meant }
  if (word === '&&') return { meant: '`and`', becomes: 'and' }
  if (/^[&~^;`]$/.test(word)) return { meant: 'the condition without it' }
  if (word === '--') return COMMENT
  if (of.length > 1 && /^(?:and|or)$/i.test(word)) return { meant: `\`${word}\` once` }
  if (traits.globTest && /^_(?:sourceCategory|sourceHost|sourceName|collector|index|view)$/i.test(word))
    return { meant: `\`=\` after \`${word}\`` }
  // At the beginning, it is a rule for fields, which has no scope.
  if (traits.globTest) return i > 0 ? stageInScope(of, i, text) : undefined
  if (/^(?:case|match)$/i.test(word)) return { meant: `\`${word.toLowerCase()} { … }\`` }
  if (
    /^(?:[#@\w.[\]]+)?:$/.test(word) &&
    next?.kind === 'text' &&
    (word === ':' || next.value.kind !== 'bare') &&
    (word !== ':' || i > 0)
  )
    return { meant: '`=` between the field and its value' }
  // `policy.actionType "Alert*"`, `Vendor.status.errorCode 0`. A domain has no capitals.
  const isValue = next?.kind === 'text' && (next.value.kind === 'text' || word.startsWith('Vendor.'))
  const isParameter = next?.kind === 'text' && next.value.kind === 'hole' && text[next.at.start] === '?'
  if (/^[a-z]\w*(?:\.\w+)*\.\w+$/i.test(word) && isParameter) return { meant: '`=` between the field and its value' }
  if (/^[a-z]\w*(?:\.\w+)*\.\w*[a-z][A-Z]\w*$/i.test(word) && /[a-z][A-Z]/.test(word) && isValue)
    return { meant: '`=` between the field and its value' }
  if (/^[a-z]+(?:\.[a-z_]+)+\*$/.test(word)) return { meant: '`=` before `*`' }
  if (isNameOfField(word, outline)) return { meant: `\`${word}=*\` for events that have the field` }
  // `#type:falcon`, `Vendor.category:Alert`: a tag, or a name as fields have them.
  return /^(?:#[\w.]+|[A-Z][a-z]+(?:[A-Z]\w*)+|[a-z]+_\w+|[A-Za-z]\w*(?:\.\w+)+):[A-Za-z*"]/.test(word)
    ? { meant: '`=` between the field and its value', becomes: word.replace(':', '=') }
    : undefined
}

/** `wildcard wildcard(…)`, `user.email user.email=~…`: the beginning of the next condition, twice. */
function onceMore(of: readonly Condition[], i: number, text: string, { traits }: Outline): Slip | undefined {
  const c = of[i]
  const next = of[i + 1]
  if (!c) return undefined
  if (traits.globTest) return doubledInScope(c, of[i - 1])
  const written = text.slice(c.at.start, c.at.end)
  if (c.kind === 'opaque' && written === '*' && i > 0) return { meant: '`;` before the branch `*`, or nothing' }
  if (c.kind === 'text' && of.some((x) => comparesWith(x, c.value))) return { meant: 'the condition without it' }
  const word = bareText(c)
  if (word === undefined || !next || !/^[A-Za-z]/.test(word)) return undefined
  const after = text.slice(next.at.start, next.at.end)
  return after.startsWith(word) && /^\s*(?:\(|=~|[[.]\w)/.test(after.slice(word.length))
    ? { meant: 'it once' }
    : undefined
}

/** `Labs Labs/IIS`, `* *eks*`: the value of the pair before, once more at the beginning. */
function doubledInScope(c: Condition, before: Condition | undefined): Slip | undefined {
  const value = before?.kind === 'compare' && before.values.length === 1 ? before.values[0] : undefined
  const word = bareText(c) ?? ''
  if (value?.kind !== 'bare' || word.length < 3 || word === value.text || !word.startsWith(value.text)) return undefined
  return value.text.length > 2 || value.text === '*' ? { meant: 'it once, as the value' } : undefined
}

/** A tag, a field that another condition compares, or one of a catalogue that is no word of any language. */
const isNameOfField = (word: string, outline: Outline): boolean =>
  /^(?:[#@][A-Za-z]|Vendor\.\w)[\w.-]*\*?$/.test(word) ||
  allTests(outline).some(({ test }) => test.field === word) ||
  (/^[A-Z][a-z]+[A-Z]\w+$/.test(word) && isKnownField(word))

/** `#event_simpleName=ProcessRollup2 ProcessRollup2`: the value of the condition beside it, once more. */
const comparesWith = (c: Condition, { kind, text }: Value): boolean =>
  c.kind === 'not'
    ? comparesWith(c.of, { kind, text, at: c.at })
    : c.kind === 'compare' &&
      c.values.length === 1 &&
      c.values.some((v) => v.text === text && (v.kind === kind || (v.kind === 'hole' && kind === 'bare')))

/** No log has `&&` as a word on its own. A misspelt word may be one. */
const safetyOf = (c: Condition): Fix['safety'] => (bareText(c) === '&&' ? 'safe' : 'unsafe')
