import { inText } from '../../../diag/diagnostic.ts'
import { lintRule } from '../../rule.ts'

interface Likeness {
  readonly language: string
  readonly pattern: RegExp
  /** The search that the vendor makes of such a text. */
  readonly example: string
}

/** Tables of Sentinel and Defender, which no other language begins with. */
const KQL_TABLE =
  '(?:Device|Email|Identity|Cloud|Aad|AAD|AWS|Azure|Office|Security|Signin|Common|Windows|Sign[iI]n|Audit)[A-Z]?\\w*(?:Events?|Logs?|Info|Activity)|Syslog'

/** The beginning of a text that another language has and that is valid here, because bare words are a search for words. */
const LIKENESSES: readonly Likeness[] = [
  { language: 'SQL', pattern: /^select\s[^|]*?\sfrom\s/i, example: 'SELECT' },
  {
    language: 'SPL',
    pattern: /^(?:search\s+)?index\s*=\s*\S+\s+(?:\S+\s+)*?(?:source|sourcetype|host)\s*=/i,
    example: 'index=main',
  },
  {
    language: 'EQL',
    pattern: /^(?:any|process|network|file|registry|dns|library|authentication)\s+where\s/i,
    example: 'where',
  },
  {
    language: 'EQL',
    pattern: /^sequence\s+(?:by\s+[\w.]+\s+)?(?:with\s+maxspan\s*=\s*\w+\s+)?\[/i,
    example: 'sequence',
  },
  { language: 'YARA-L', pattern: /^rule\s+\w+\s*\{/, example: 'rule' },
  { language: 'ES|QL', pattern: /^from\s+[\w*.,:-]+\s*\|/i, example: 'FROM' },
  { language: 'KQL', pattern: new RegExp(`^(?:${KQL_TABLE})\\s*\\|`), example: 'DeviceNetworkEvents' },
  { language: 'KQL, SPL or SQL', pattern: /^where\s+[\w.]+\s*(?:[=<>!]|\blike\b|\bin\b)/i, example: 'where' },
]

/** White space and comments in front of the query. */
const LEAD = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/

export const otherLanguage = lintRule<{ readonly language: string; readonly example: string }>({
  id: 'LNT301',
  slug: 'other-language',
  severity: 'warning',
  title: 'A text that looks like another query language',
  message: (p) => `this looks like ${p.language}; here \`${p.example}\` is a word to search for`,
  why: 'Words without a field are a search for these words. The text is valid, and it finds events that contain all of them.',
  remedy: (p) => `write the query in this language, or put the words in quotes if you search for ${p.language} text`,
  check({ source }) {
    const start = LEAD.exec(source.text)?.[0].length ?? 0
    const text = source.text.slice(start)
    const like = LIKENESSES.find((l) => l.pattern.test(text))
    if (!like) return []
    const length = like.pattern.exec(text)?.[0].trimEnd().length ?? 1
    return [{ at: inText(source, { start, end: start + length }), params: like }]
  },
})
