import { calledBy, type CqlNearMiss, type Match, parentOf, replace, token } from '../2-repair/near-miss.ts'
import { isPunct } from '../1-lex/token.ts'

/** Parameters that most functions have. A field with such a name before a colon is in no published query. */
const NAMES = /^(?:as|by|column|field|format|function|include|key|limit|order|query|regex|series|span|values):./

export const colonArgument: CqlNearMiss = {
  id: 'CQL344',
  slug: 'colon-argument',
  title: 'An argument with a colon',
  origin: 'JSON, YAML, programming languages',
  verdict: 'An argument is `name=value`. With a colon it is a field of that name.',
  evidence: { vendorDoc: 'library.humio.com/lql-grammar/syntax-grammar-guide-subset.html' },
  bad: 'in(field:RemotePort, values=[21])',
  good: 'in(field=RemotePort, values=[21])',
  message: (found) => `\`${found}\`: an argument is written with \`=\``,
  find: (v) =>
    [...v.words].flatMap(([word, places]) =>
      !NAMES.test(word)
        ? []
        : places.flatMap((i): Match[] => {
            const before = token(v, i - 1)
            if (calledBy(v, parentOf(v, i)) === '' || !(isPunct(before, '(') || isPunct(before, ','))) return []
            const t = token(v, i)
            const colon = t.start + t.text.indexOf(':')
            return [{ span: t, edits: [replace(colon, colon + 1, '=')] }]
          }),
    ),
}
