import { inText } from '../../../diag/diagnostic.ts'
import type { Source } from '../../../text/source.ts'
import { bothRule, type Violation } from '../../rule.ts'

interface Params {
  readonly language: string
  readonly example: string
}

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
  { language: 'SQL', pattern: /^select\s+(?:[^|]*?\sfrom\s|\*|\d+\s*$)/i, example: 'SELECT' },
  {
    language: 'SQL',
    pattern: /^(?:insert\s+into|update\s+\w+\s+set|delete\s+from|create\s+table|with\s+\w+\s+as\s*\()/i,
    example: 'INSERT',
  },
  { language: 'SQL', pattern: /^[^|"]*(?:"[^"\n]*"[^|"]*)*\sgroup\s+by\s+[\w.]+\s*$/i, example: 'GROUP BY' },
  { language: 'SPL', pattern: /^(?:search\s+)?index\s*=\s*[\w*"-]+/i, example: 'index=main' },
  { language: 'SPL', pattern: /^(?:search\s+)?(?:sourcetype|eventtype|tag)\s*=\s*[\w*":-]+/, example: 'sourcetype' },
  { language: 'SPL', pattern: /^source\s*=\s*["/]\S+\s+(?:"|[\w.]+\s*=|and\b)/i, example: 'source' },
  { language: 'SPL', pattern: /^[^|"]*\searliest\s*=\s*-?\d/i, example: 'earliest' },
  { language: 'SPL', pattern: /^\|?\s*(?:tstats|inputlookup|mstats|makeresults)\s+\w/i, example: 'tstats' },
  { language: 'XQL', pattern: /^(?:config\s+\w+\s*=[^|]*\|\s*)?dataset\s*=\s*\w+/i, example: 'dataset' },
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
  {
    language: 'YARA-L',
    pattern: /^(?:\$\w+\.\w|(?:metadata\.event_type|principal\.\w+|target\.(?:ip|port|hostname))\s*=)/,
    example: 'metadata',
  },
  { language: 'ES|QL', pattern: /^from\s+[\w*.,:-]+\s*(?:\||metadata\s)/i, example: 'FROM' },
  { language: 'ES|QL', pattern: /^row\s+\w+\s*=/i, example: 'ROW' },
  { language: 'KQL', pattern: new RegExp(`^(?:${KQL_TABLE})\\s*(?:\\||$)`), example: 'DeviceNetworkEvents' },
  { language: 'KQL', pattern: /^let\s+\w+\s*=/, example: 'let' },
  {
    language: 'KQL of Kibana or Lucene',
    pattern:
      /^\(?(?:not\s+)?_?[a-z]\w*(?:\.\w+)*:(?:"[^"\n]*"|[\w*.]+|[<>]=?\d+|\[[^\]\n]+\])\)?(?:\s*$|\s+(?:and|or|not)\s)/i,
    example: 'field:value',
  },
  { language: 'YAML', pattern: /^(?:title|logsource|detection|apiVersion)\s*:(?:\s|$)/, example: 'title:' },
  { language: 'JSON', pattern: /^\{\s*"\w+"\s*:/, example: '{' },
  { language: 'PromQL', pattern: /^(?:sum|avg|count|min|max|topk)\s+by\s*\(/i, example: 'sum by' },
  {
    language: 'a rule of Snort or Suricata',
    pattern: /^(?:alert|drop|pass|reject)\s+(?:tcp|udp|icmp|ip|http|dns|tls)\s+\S+\s+\S+\s+(?:->|<>)/i,
    example: 'alert',
  },
  { language: 'a filter of tcpdump', pattern: /^(?:tcp|udp)\s+(?:(?:src|dst)\s+)?port\s+\d+/i, example: 'port' },
  {
    language: 'a filter of Wireshark',
    pattern: /^(?:tcp|udp|ip|dns|http|frame)\.[\w.]+\s*(?:==|contains\s|matches\s)/,
    example: 'tcp.port',
  },
  { language: 'a shell command', pattern: /^(?:z?grep|awk|sed|jq|curl)\s+(?:-\w|['"{/])/, example: 'grep' },
  {
    language: 'a program',
    pattern: /^(?:for\s+\w+\s+in\s|if\s+[\w.]+\s*(?:==|!=)|[\w.]+\s*=\s*\w+\s*;\s*[\w.]+\s*=)/,
    example: 'if',
  },
  { language: 'KQL, SPL or SQL', pattern: /^where\s+[\w.]+\s*(?:[=<>!]|\blike\b|\bin\b)/i, example: 'where' },
]

/** White space and comments in front of the query. */
const LEAD = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/

export const otherLanguage = bothRule<Params>({
  id: 'LNT301',
  slug: 'other-language',
  severity: 'warning',
  title: 'A text that looks like another query language',
  message: (p) => `this looks like ${p.language}; here \`${p.example}\` is a word to search for`,
  why: 'Words without a field are a search for these words. The text is valid, and it finds events that contain all of them.',
  remedy: (p) => `write the query in this language, or put the words in quotes if you search for ${p.language} text`,
  check: ({ source }) => likeness(source),
  checkText: ({ source }) => likeness(source),
})

function likeness(source: Source): readonly Violation<Params>[] {
  const start = LEAD.exec(source.text)?.[0].length ?? 0
  const text = source.text.slice(start)
  // A whole Sigma rule is read as one.
  if (/^title:/m.test(text) && /^(?:correlation|detection|filter):/m.test(text)) return []
  const like = LIKENESSES.find((l) => l.pattern.test(text))
  if (!like) return []
  const length = like.pattern.exec(text)?.[0].trimEnd().length ?? 1
  return [{ at: inText(source, { start, end: start + length }), params: like }]
}
