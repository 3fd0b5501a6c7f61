// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html), within the limits that GitHub sets on uploads
// (https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning).
import { printForeign } from '../../text/foreign.ts'
import type { Diagnostic, Severity } from '../diagnostic.ts'
import { byGravity, cut, type Finding, findings } from './finding.ts'

/** GitHub shows the first 5,000 results by severity. */
const MOST_RESULTS = 5000
const MOST_TEXT = 1000

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }
/** The key is ours: GitHub's own key depends on the lines around. */
const FINGERPRINT = 'assay/v1'

/** Titles of codes come from the catalogues. */
export function sarif(
  diagnostics: readonly Diagnostic[],
  version: string,
  titleOf: (code: string) => string | undefined,
): string {
  const all = byGravity(findings(diagnostics))
  const shown = all.slice(0, MOST_RESULTS)
  const rules = [...new Map(shown.map((f) => [f.diagnostic.code, f.diagnostic])).values()]
  const index = new Map(rules.map((d, i) => [d.code, i]))
  const left = all.length - shown.length
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'assay',
            semanticVersion: semantic(version),
            rules: rules.map((d) => ruleOf(d, titleOf(d.code))),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            ...(left > 0 && {
              toolExecutionNotifications: [
                {
                  level: 'warning',
                  message: { text: `${left} more results are left out: GitHub shows ${MOST_RESULTS}` },
                },
              ],
            }),
          },
        ],
        results: shown.map((f) => resultOf(f, index.get(f.diagnostic.code) ?? 0)),
      },
    ],
  }
  return `${JSON.stringify(log, null, 1)}\n`
}

const semantic = (version: string): string => (/^\d+\.\d+\.\d+/.test(version) ? version : '0.0.0')
const plain = (text: string): string => cut(printForeign(text, 'terminal'), MOST_TEXT)

function ruleOf(d: Diagnostic, title: string | undefined) {
  const short = plain(title ?? d.slug.replaceAll('-', ' '))
  return {
    id: d.code,
    name: d.slug,
    shortDescription: { text: short },
    fullDescription: { text: d.why === '' ? short : plain(d.why) },
    help: {
      text: d.why === '' ? short : plain(d.why),
      markdown: `**${printForeign(short, 'markdown')}** ${printForeign(plain(d.why), 'markdown')}`,
    },
    defaultConfiguration: { level: LEVELS[d.severity] },
  }
}

function resultOf({ diagnostic: d, place, fingerprint }: Finding, ruleIndex: number) {
  const remedy = d.remedy === '' ? '' : `. Fix: ${d.remedy}`
  return {
    ruleId: d.code,
    ruleIndex,
    level: LEVELS[d.severity],
    message: { text: plain(`${d.message}${remedy}`) },
    // GitHub refuses a result without a place.
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: place ? uri(place.file) : 'assay.yml' },
          region: place
            ? { startLine: place.line, startColumn: place.column, endLine: place.endLine, endColumn: place.endColumn }
            : { startLine: 1 },
        },
      },
    ],
    partialFingerprints: { [FINGERPRINT]: fingerprint },
    ...fixesOf(d, place?.file),
  }
}

/** Fixes of texts that are no part of another one: their offsets are those of the file. */
function fixesOf(d: Diagnostic, file: string | undefined) {
  if (d.at.kind !== 'text' || d.at.source.host || file === undefined) return {}
  const fixes = d.fixes.filter((f) => f.edits.length > 0)
  if (fixes.length === 0) return {}
  return {
    fixes: fixes.map((f) => ({
      description: { text: plain(f.title) },
      artifactChanges: [
        {
          artifactLocation: { uri: uri(file) },
          replacements: f.edits.map((e) => ({
            deletedRegion: { charOffset: e.span.start, charLength: e.span.end - e.span.start },
            insertedContent: { text: e.text },
          })),
        },
      ],
    })),
  }
}

/** A relative reference of RFC 3986, or a file URI. */
const uri = (path: string): string => {
  const parts = path.split('/').map((p) => encodeURIComponent(p.toWellFormed()))
  return path.startsWith('/') ? `file://${parts.join('/')}` : parts.join('/')
}
