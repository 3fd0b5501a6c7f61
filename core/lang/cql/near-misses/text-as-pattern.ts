import { atMarks, type CqlNearMiss, isField, type Match, replace, token } from '../2-repair/near-miss.ts'

export const textAsPattern: CqlNearMiss = {
  id: 'CQL350',
  slug: 'text-as-pattern',
  title: 'A text after `=~`',
  origin: 'Perl, Ruby, PromQL',
  verdict: 'A regular expression has slashes and comes after `=`. After `=~` there is a function, such as `in(…)`.',
  evidence: { vendorDoc: 'library.humio.com/data-analysis/syntax-regex.html' },
  early: true,
  bad: 'CommandLine=~"enc"',
  good: 'CommandLine=/enc/',
  message: (found) => `\`${found}\`: a regular expression has slashes, after \`=\``,
  find: (v) =>
    atMarks(v, '=~', (t, i): Match[] => {
      const [field, value] = [token(v, i - 1), token(v, i + 1)]
      if (t.mode !== 'filter' || i === 0 || !isField(field)) return []
      const span = { start: field.start, end: value.end }
      if (value.kind === 'regex' && !value.fault) return [{ span, edits: [replace(t.start, t.end, '=')] }]
      if (value.kind !== 'string' || value.fault || value.text.length < 3) return []
      const pattern = value.text
        .slice(1, -1)
        .replace(/\\(["\\])/g, '$1')
        .replace(/(?<!\\)\//g, '\\/')
      return [{ span, edits: [replace(t.start, t.end, '='), replace(value.start, value.end, `/${pattern}/`)] }]
    }),
}
