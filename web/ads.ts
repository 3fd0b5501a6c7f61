// A detection as an Alerting and Detection Strategy: Markdown with the sections of Palantir's framework, in its order.
import MarkdownIt from 'markdown-it'
import { techniqueUrl } from '../core/detect/attack/attack.ts'
import { atomicTests, signalsOf } from './atomic.ts'
import { webAddress } from './html.ts'
import { type Entry, fileOf, nameOf, percent, shown, tacticName } from './model.ts'

export function ads(entry: Entry): string {
  const { detection: d, views } = entry
  const parts: [string, string[]][] = [
    ['Goal', [line(d.summary)]],
    ['Categorization', categories(entry)],
    ['Strategy Abstract', [line(d.description), ...views.map((v) => `**${v.name}:** ${line(v.platform.about)}`)]],
    ['Technical Context', context(entry)],
    ['Blind Spots and Assumptions', [list(d.blind_spots.map((b) => `${b.what} ${b.why}`)), ...assumptions(entry)]],
    [
      'False Positives',
      [
        list(
          d.false_positives.map((f) => `${f.what}${f.tuning.length > 0 ? ` (tuning: ${f.tuning.join(', ')})` : ''}`),
        ),
        ...d.tuning.map(
          (t) => `**Tuning ${line(t.id)}:** ${line(t.what)} ${line(t.how)} Cost: ${line(t.cost)}${effects(t)}`,
        ),
        ...expectations(entry),
      ],
    ],
    ['Validation', validation(entry)],
    [
      'Priority',
      [list(views.map((v) => `${v.name}: severity ${v.platform.severity}, confidence ${v.platform.confidence}`))],
    ],
    ['Response', [nested(entry.folder.files.get(fileOf(d.playbook)) ?? '')]],
    ['Additional Resources', [d.references.map((r) => `- ${link(r.title, r.url)}`).join('\n') || 'None.']],
  ]
  const body = parts.map(([title, texts]) => `## ${title}\n\n${texts.filter(Boolean).join('\n\n')}\n`)
  return `# ${line(d.title)}\n\n${body.join('\n')}`
}

function categories({ techniques, detection }: Entry): string[] {
  const rows = techniques.flatMap((t) =>
    t.tactics.map(
      (tactic) =>
        `- ${tacticName(tactic)} / ${link(`${t.id} ${nameOf(t.parent ?? t.id).name}${t.parent ? `: ${t.name}` : ''}`, techniqueUrl(t.id))}`,
    ),
  )
  return [`Mapped to MITRE ATT&CK Enterprise ${line(detection.attack.version)}:`, rows.join('\n')]
}

const context = ({ views, folder, detection }: Entry): string[] => [
  `Looks back ${detection.schedule.lookback}, runs every ${detection.schedule.frequency}, ends ${detection.schedule.delay} before now. ${line(detection.trigger.when)}`,
  ...views.flatMap((v) => {
    const file = fileOf(v.platform.query)
    return [
      `### ${v.name}`,
      `Data sources:\n\n${list(v.platform.data_sources)}`,
      `Tables: ${v.platform.tables.map(line).join(', ')}`,
      fenced(folder.files.get(file) ?? ''),
    ]
  }),
]

/** The number of findings per day, if a backtest has measured it. */
const expectations = ({ views, detection }: Entry): string[] =>
  views.flatMap((v) => {
    const own = detection.expected?.[v.id]
    if (!own) return []
    const { findings_per_day: findings, alerts_per_day: alerts, evidence: e } = own
    return [
      `**Expected on ${v.name}:** ${alerts} alerts a day (${findings} findings), measured over ${e.days} days. ${line(e.telemetry)}`,
    ]
  })

const effects = (t: Entry['detection']['tuning'][number]): string =>
  t.evidence
    .map(
      (e) =>
        ` Measured on ${line(e.platform)}: alerts ${e.alerts.without} → ${e.alerts.with}, ${e.attack_tests.lost} of ${e.attack_tests.kept + e.attack_tests.lost} attack tests lose findings.`,
    )
    .join('')

const assumptions = ({ views }: Entry): string[] => [
  'It is assumed that:',
  list(views.flatMap((v) => v.platform.log_settings.map((s) => `${v.name}: ${s}`))),
]

function validation(entry: Entry): string[] {
  const cases = entry.evidence
  const passed = cases.filter((c) => c.run?.status === 'passed').length
  const score = entry.proof?.mutation.map(
    (m) => `${line(m.file)} ${shown(m.score)} (clauses ${shown(covered(entry, m.file))})`,
  )
  return [
    `${passed} of ${cases.length} test cases pass.`,
    score && score.length > 0 ? `Mutants that a test notices: ${score.join(', ')}.` : '',
    ...atomicTests(entry).flatMap((t, i) => {
      const { what, signals } = signalsOf(t.description)
      return [
        `### ${i + 1}. ${line(t.name)}`,
        line(what),
        signals ? `Expected signals: ${line(signals)}` : '',
        fenced(t.executor.command),
        'Clean up:',
        fenced(t.executor.cleanup_command),
      ]
    }),
  ]
}

function covered({ proof }: Entry, file: string): number {
  const c = proof?.coverage.find((x) => x.file === file)
  return c ? percent(c.covered, c.total) : 100
}

/** One line of text without effect in Markdown or HTML. */
const line = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#~&]/g, '\\$&')
    .replace(/^(\d*)([-+=.)])(?=\s|$)/, '$1\\$2')

const list = (items: readonly string[]): string => items.map((i) => `- ${line(i)}`).join('\n')
const link = (text: string, url: string): string => {
  const safe = webAddress(url)
  return safe === undefined
    ? line(text)
    : `[${line(text)}](${safe.replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'))})`
}

/** A fence that nothing in the text can close. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((m) => m[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text.replace(/\n+$/, '')}\n${fence}`
}

/** The playbook, one level deeper and without its title. HTML in its Markdown becomes text, and so do links to anything but the web. */
function nested(markdown: string): string {
  const lines = markdown.split('\n')
  const code = codeLines(markdown)
  return lines
    .flatMap((l, i) => {
      if (code.has(i)) return [l]
      if (/^# /.test(l)) return []
      const safe = l
        .replaceAll('<', '&lt;')
        .replaceAll('![', '[')
        .replace(/\]\(\s*(?!https?:\/\/|#)[^)]*\)/gi, ']')
        .replace(/^(\s*)\[(?=[^\]]+\]:\s*(?!https?:\/\/|#))/i, '$1\\[')
      return [/^#+ /.test(safe) ? `#${safe}` : safe]
    })
    .join('\n')
    .trim()
}

/** 0-based lines that the library reads as code. `html` is off, because HTML has become text. */
function codeLines(markdown: string): Set<number> {
  const tokens = new MarkdownIt({ html: false }).parse(markdown, {})
  const ranges = tokens.flatMap((t) => ((t.type === 'fence' || t.type === 'code_block') && t.map ? [t.map] : []))
  return new Set(ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)))
}
