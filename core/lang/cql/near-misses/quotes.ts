import {
  atKind,
  atWords,
  type CqlNearMiss,
  isField,
  type Match,
  quote,
  replace,
  token,
  type View,
} from '../2-repair/near-miss.ts'
import { isPunct } from '../1-lex/token.ts'

const strings = { vendorDoc: 'library.humio.com/lql-grammar/syntax-grammar-guide-subset.html' }

export const singleQuotes: CqlNearMiss = {
  id: 'CQL310',
  slug: 'single-quotes',
  title: 'Text in single quotes',
  origin: 'SQL, KQL, programming languages',
  verdict: 'A text needs double quotes; a single quote has no meaning.',
  evidence: strings,
  bad: "FileName='cmd.exe'",
  good: 'FileName="cmd.exe"',
  message: (found) => `\`${found}\`: a text needs double quotes`,
  find: (v) =>
    atKind(v, 'bad', (t, i): Match[] => {
      if (t.fault !== 'single-quotes' || continues(v, i)) return []
      let last = i
      while (continues(v, last + 1)) last++
      const { end } = token(v, last)
      const inner = v.text
        .slice(t.start + 1, end - 1)
        .replace(/\\'|''/g, "'")
        .replace(/(?<!\\)"/g, '\\"')
      return [{ span: { start: t.start, end }, edits: [replace(t.start, end, `"${inner}"`)] }]
    }),
}

/** SQL and KQL double a quote inside single quotes: `'it''s'` is one text. */
const continues = (v: View, i: number): boolean => {
  const [before, t] = [token(v, i - 1), token(v, i)]
  const both = before.kind === 'bad' && t.kind === 'bad' && [before, t].every((x) => x.fault === 'single-quotes')
  return both && before.end === t.start
}

export const tripleQuotes: CqlNearMiss = {
  id: 'CQL311',
  slug: 'triple-quotes',
  title: 'Text in triple quotes',
  origin: 'Python, generated queries',
  verdict: 'A text needs one pair of double quotes, with `\\"` for a quote in them.',
  evidence: strings,
  bad: '"""cmd "x" """',
  good: '"cmd \\"x\\" "',
  message: (found) => `\`${found}\`: a text needs one pair of double quotes`,
  find: (v) =>
    atKind(v, 'bad', (t): Match[] =>
      t.fault === 'triple-quotes' ? [{ span: t, edits: [replace(t.start, t.end, quote(t.text.slice(3, -3)))] }] : [],
    ),
}

export const regexOverLines: CqlNearMiss = {
  id: 'CQL312',
  slug: 'regex-over-lines',
  title: 'A regex over several lines',
  origin: 'verbose regexes of Python and Perl',
  verdict: 'A regex literal ends on the line where it starts, and space in it counts.',
  evidence: strings,
  bad: '/(cmd|\n  pwsh)/',
  good: '/(cmd|pwsh)/',
  message: () => 'a regex literal must be on one line',
  find: (v) =>
    atKind(v, 'bad', (t): Match[] => {
      if (t.fault !== 'regex-over-lines') return []
      const joined = t.text.replace(/(?<![ \t])[ \t]*[\r\n]+[ \t]*/g, '')
      return [
        {
          span: t,
          edits: [replace(t.start, t.end, joined)],
          uncertain: 'join the lines into one, without the line breaks and the indentation',
        },
      ]
    }),
}

export const regexUnquoted: CqlNearMiss = {
  id: 'CQL313',
  slug: 'regex-without-quotes',
  title: 'A regex argument without quotes',
  origin: 'documentation of older versions',
  verdict: 'The argument of a function is a text in double quotes or a regex between slashes.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/functions-replace.html' },
  bad: 'replace(regex=^apples$, with=oranges)',
  good: 'replace(regex="^apples$", with=oranges)',
  message: (found) => `\`${found}\`: a regex needs double quotes or slashes`,
  find: (v) =>
    atWords(v, 'regex', (t, i): Match[] => {
      if (!isPunct(token(v, i + 1), '=') || t.mode !== 'expression') return []
      let last = i + 2
      while (
        token(v, last).kind !== 'end' &&
        !/^[,)]$/.test(token(v, last).text) &&
        token(v, last + 1).from === token(v, last + 1).start
      )
        last++
      if (/^[,)]$/.test(token(v, last).text)) last--
      if (
        last <= i + 1 ||
        /["/?(]/.test(token(v, i + 2).text[0] ?? '') ||
        !/[\^$*+?\\]/.test(v.text.slice(token(v, i + 2).start, token(v, last).end))
      )
        return []
      const start = token(v, i + 2).start
      const { end } = token(v, last)
      const text = quote(v.text.slice(start, end))
      return [
        { span: { start: t.start, end }, edits: [replace(start, end, text)], uncertain: `write \`regex=${text}\`` },
      ]
    }),
}

export const appliedNot: CqlNearMiss = {
  id: 'CQL314',
  slug: 'applied-not',
  title: '`not` after `=~`',
  origin: 'the word form of `!`, which is allowed before a whole filter',
  verdict: 'A call, or `!` and a call, follows `=~`. `not` is allowed only before a filter.',
  evidence: { assumed: 'the published grammar has no `not` there, and one published query that has it is defective' },
  bad: 'UserName =~ not in(values=["a"])',
  good: 'UserName =~ !in(values=["a"])',
  message: () => '`not` cannot follow `=~`',
  find: (v) =>
    atWords(v, 'not', (t, i): Match[] => {
      if (!isPunct(token(v, i - 1), '=~') || !isField(token(v, i - 2))) return []
      const call = token(v, i + 1)
      const name = token(v, i - 2).text
      return [
        {
          span: { start: token(v, i - 2).start, end: call.end },
          edits: [replace(t.start, call.start, '!')],
          uncertain: `write \`${name} =~ !${call.text}(…)\``,
        },
      ]
    }),
}
