import {
  atMarks,
  calledBy,
  comparesInCall,
  type CqlNearMiss,
  isField,
  isLiteral,
  type Match,
  operandEnd,
  parentOf,
  partnerOf,
  replace,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct } from '../1-lex/token.ts'

export const doubleEquals: CqlNearMiss = {
  id: 'CQL306',
  slug: 'double-equals',
  title: '`==` in a filter',
  origin: 'KQL and programming languages',
  verdict: 'A filter compares with `=`; `==` belongs to expressions, as in test(a == b).',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-operators.html' },
  bad: 'RemotePort == 443',
  good: 'RemotePort = 443',
  message: (found) => `\`${found}\`: a filter compares with \`=\`, not \`==\``,
  find: (v) =>
    atMarks(v, '==', (t, i): Match[] => {
      const left = token(v, i - 1)
      const right = token(v, i + 1)
      const span = { start: left.start, end: right.end }
      if (t.mode === 'expression' && namesArgument(v, i)) return [{ span, edits: [replace(t.start, t.end, '=')] }]
      if (t.mode !== 'filter' || !isField(left)) return []
      // A tag is compared with values only.
      const isTag = left.text.startsWith('#')
      const word = !isTag && right.kind === 'word' && !isLiteral(right) && !right.text.includes('*')
      if (!word) return [{ span, edits: [replace(t.start, t.end, '=')] }]
      return [
        {
          span,
          edits: [],
          uncertain: `write \`${left.text} = "${right.text}"\` for a text, \`test(${left.text} == ${right.text})\` for another field`,
        },
      ]
    }),
}

/** `function==count()`: only these functions take a comparison as an argument without a name. */
function namesArgument(v: View, i: number): boolean {
  const open = parentOf(v, i)
  const name = calledBy(v, open)
  if (name === '' || /^(?:test|if|eval|coalesce)$/.test(name)) return false
  return (i - 2 === open || isPunct(token(v, i - 2), ',')) && token(v, i - 1).kind === 'word'
}

export const notEqualSign: CqlNearMiss = {
  id: 'CQL307',
  slug: 'not-equal-sign',
  title: '`<>` for `!=`',
  origin: 'SQL',
  verdict: 'The operator is `!=`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-operators.html' },
  bad: 'a <> 1',
  good: 'a != 1',
  message: () => '`<>` is not an operator; unequal is `!=`',
  find: (v) => atMarks(v, '<>', (t): Match[] => [{ span: t, edits: [replace(t.start, t.end, '!=')] }]),
}

export const singleEquals: CqlNearMiss = {
  id: 'CQL308',
  slug: 'equals-in-expression',
  title: '`=` in an expression',
  origin: 'filters of CQL itself, SPL',
  verdict: 'An expression compares with `==`; `=` in a call names an argument.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-expressions.html' },
  bad: 'test(a = b)',
  good: 'test(a == b)',
  message: (found) => `\`${found}\`: an expression compares with \`==\``,
  find: (v) => atMarks(v, '=', (t, i) => (t.mode === 'expression' ? single(v, i) : [])),
}

function single(v: View, i: number): Match[] {
  const t = token(v, i)
  const open = parentOf(v, i)
  const match: Match = {
    span: { start: token(v, i - 1).start, end: token(v, i + 1).end },
    edits: [replace(t.start, t.end, '==')],
  }
  // Behind an operand another step begins: a `|` is missing.
  if (open < 0 || isPunct(token(v, open), '{')) return i > 1 && operandEnd(v, i - 2) ? [] : [match]
  if (!isPunct(token(v, open), '(')) return []
  if (!token(v, open).call) return wholeArgument(v, open) ? [] : [match]
  const name = calledBy(v, open)
  const names = i - 2 === open || isPunct(token(v, i - 2), ',')
  if (!names) return /^(?:test|if|eval|coalesce)$/.test(name) ? [match] : []
  return comparesInCall(name, token(v, i - 1).text) ? [match] : []
}

/** `f(a, (name=value))`: the parenthesis is all of the argument, and it holds a named one. */
function wholeArgument(v: View, open: number): boolean {
  const before = token(v, open - 1)
  const after = token(v, partnerOf(v, open) + 1)
  const outer = parentOf(v, open)
  if (outer < 0 || !token(v, outer).call || /^(?:test|if|eval|coalesce)$/.test(calledBy(v, outer))) return false
  return /^[,(]$/.test(before.text) && /^[,)]$/.test(after.text) && isPunct(token(v, open + 2), '=')
}

export const wrappedArgument: CqlNearMiss = {
  id: 'CQL309',
  slug: 'argument-in-parentheses',
  title: 'A named argument in parentheses',
  origin: 'a published dashboard',
  verdict: 'An argument is `name=value`; parentheses are allowed around the value only.',
  evidence: { assumed: 'the published grammar has no parentheses around a named argument' },
  bad: 'bucket(span=1day, (field=Tactic))',
  good: 'bucket(span=1day, field=Tactic)',
  message: (found) => `\`${found}\`: a named argument cannot have parentheses`,
  find: (v) =>
    atMarks(v, '(', (t, i): Match[] => {
      if (t.call || partnerOf(v, i) < 0 || !wholeArgument(v, i)) return []
      const close = token(v, partnerOf(v, i))
      return [
        {
          span: { start: t.start, end: close.end },
          edits: [replace(t.start, t.end, ''), replace(close.start, close.end, '')],
        },
      ]
    }),
}
