import { inText } from '../../../diag/diagnostic.ts'
import type { Value } from '../../../lang/shared/outline.ts'
import { allTests, isEquality } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

/** Words that are values of fields in logs and hardly ever names of fields. */
const VALUES =
  /^(?:high|medium|low|critical|informational|unknown|suspicious|malicious|benign|allow|allowed|deny|denied|block|blocked|accept|accepted|drop|dropped|permit|permitted|reject|rejected|success|successful|failed|failure|internal|external|inbound|outbound|tcp|udp|icmp|windows|linux|macos|yes|no)$/i

/** `user.mfa.okta_verify.deny_push`: a kind of event. A field with a name like that is named more than once. */
const NAME_OF_EVENT = /^[a-z]\w*(?:\.[a-z]\w*){2,}$/

export const wordIsAField = textRule<{ readonly word: string }>({
  id: 'LNT409',
  slug: 'word-is-a-field',
  severity: 'warning',
  title: 'A word without quotes is the name of a field',
  message: (p) => `\`${p.word}\` is read as a field here`,
  why: 'In an expression a word without quotes is a field, and a text has quotes.',
  remedy: (p) => `write \`"${p.word}"\` for the text`,
  checkText({ outline, source }) {
    const compared = allTests(outline).flatMap(({ test }) => (isEquality(test) ? test.values : []))
    const set = outline.pipelines.flatMap((p) => p.steps.flatMap((s) => (s.kind === 'set' && s.value ? [s.value] : [])))
    const fields = [...compared, ...set].filter((v) => v.kind === 'field')
    const words = fields.filter(
      (v) =>
        VALUES.test(v.text) || (outline.traits.globTest && NAME_OF_EVENT.test(source.text.slice(v.at.start, v.at.end))),
    )
    return words
      .filter((w) => !isNamedElsewhere(source.text, w, words))
      .map((w) => ({
        at: inText(source, w.at),
        params: { word: w.text },
        fixes: [
          { title: 'put the word in quotes', edits: [{ span: w.at, text: `"${w.text}"` }], safety: 'safe' as const },
        ],
      }))
  },
})

/** Another step may make the field: `parse "*" as success`, `count as high`. */
function isNamedElsewhere(text: string, { text: word }: Value, words: readonly Value[]): boolean {
  const known = new Set(words.map((w) => w.at.start))
  const bare = text.replace(/(?<=^|\s)\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (s) => ' '.repeat(s.length))
  const outside = bare.replace(/"(?:[^"\\]|\\.)*"/g, (s) => (/[*{]/.test(s) ? s : ' '.repeat(s.length)))
  return [...outside.matchAll(new RegExp(`(?<![\\w.])${word}(?![\\w.])`, 'gi'))].some((m) => !known.has(m.index))
}
