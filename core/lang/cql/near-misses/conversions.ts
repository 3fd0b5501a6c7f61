// Texts that converters of portable rules write: subnets without quotation marks, a slash inside a regex, a regex for any value.
import type { Token } from '../1-lex/token.ts'
import {
  atKind,
  atMarks,
  calledBy,
  type CqlNearMiss,
  insert,
  type Match,
  parentOf,
  replace,
  token,
  type View,
} from '../2-repair/near-miss.ts'

const origin = 'pySigma’s backend for LogScale'
const regexPage = { vendorDoc: 'library.humio.com/data-analysis/syntax-regex.html' }

/** Nothing is between the two. */
const touches = (a: Token, b: Token): boolean => a.end === b.start

export const unquotedSubnet: CqlNearMiss = {
  id: 'CQL340',
  slug: 'unquoted-subnet',
  title: 'A subnet without quotation marks',
  origin,
  verdict: 'A text with a slash needs quotation marks: without them the slash is a division.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/functions-cidr.html' },
  bad: 'cidr(Ip, subnet=10.0.0.0/8)',
  good: 'cidr(Ip, subnet="10.0.0.0/8")',
  message: (found) => `\`${found}\`: a subnet needs quotation marks`,
  find: (v) =>
    atMarks(v, '/', (slash, i): Match[] => {
      const [t, bits] = [token(v, i - 1), token(v, i + 1)]
      const isSubnet = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(t.text) && /^\d{1,2}$/.test(bits.text)
      if (!isSubnet || !touches(t, slash) || !touches(slash, bits) || !isInCidr(v, i - 1)) return []
      return [{ span: { start: t.start, end: bits.end }, edits: [insert(t.start, '"'), insert(bits.end, '"')] }]
    }),
}

/** An argument of cidr(), or a member of a list in one. */
function isInCidr(v: View, i: number): boolean {
  for (let at = parentOf(v, i); at >= 0; at = parentOf(v, at)) if (token(v, at).call) return calledBy(v, at) === 'cidr'
  return false
}

/** Two whole regexes side by side are two conditions. */
const isWhole = (regex: Token): boolean => /^\/(?:[^/\\\n]|\\.)+\/[A-Za-z]*$/.test(regex.text)

export const slashInRegex: CqlNearMiss = {
  id: 'CQL341',
  slug: 'slash-in-regex',
  title: 'A slash inside a regex',
  origin,
  verdict: 'The first slash ends the regex. Inside it a slash is written `\\/`.',
  evidence: regexPage,
  early: true,
  bad: 'CommandLine=/ipconfig\\s+/all/',
  good: 'CommandLine=/ipconfig\\s+\\/all/',
  message: (found) => `\`${found}\`: the first slash ends the regex`,
  find: (v) =>
    atKind(v, 'regex', (t, i): Match[] => {
      const next = token(v, i + 1)
      const inner = t.text.lastIndexOf('/')
      if (next.kind !== 'regex' || !touches(t, next) || inner <= 0 || isWhole(next)) return []
      const end = next.start + (/^\/[dgimF]*/.exec(next.text)?.[0].length ?? 1)
      return [{ span: { start: t.start, end }, edits: [insert(t.start + inner, '\\')] }]
    }),
}

export const regexOfNothing: CqlNearMiss = {
  id: 'CQL342',
  slug: 'regex-of-nothing',
  title: 'An empty regex',
  origin,
  verdict: 'Two slashes begin a comment, so the rest of the line is gone. Any value is `*`.',
  evidence: regexPage,
  early: true,
  bad: 'CommandLine=//i | b=1',
  good: 'CommandLine=* | b=1',
  message: () => '`//` begins a comment, and the rest of the line is gone',
  find: (v) =>
    atMarks(v, '=', (t): Match[] => {
      if (t.mode !== 'filter' || !v.text.startsWith('//', t.end)) return []
      const empty = /^\/\/[dgimF]*(?=[\s)]|$)/.exec(v.text.slice(t.end))
      return empty
        ? [
            {
              span: { start: t.start, end: t.end + empty[0].length },
              edits: [replace(t.end, t.end + empty[0].length, '*')],
            },
          ]
        : []
    }),
}
