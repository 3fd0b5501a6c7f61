// Sites for tests: one with the detections of this repository, as if all of their cases had passed, and one in which every text is hostile.
import { readFileSync } from 'node:fs'
import { readDetection } from '../core/detect/folder/folder.ts'
import { parseCaseFile } from '../core/detect/case/case-file.ts'
import { lint } from '../core/workbench/lint.ts'
import { detectionsOf } from '../engine/project/detection-folders.ts'
import type { CatalogueEntry, Run } from '../core/detect/folder/catalogue-entry.ts'
import type { Proof } from '../core/detect/mutation/proof.ts'
import { renderSite, type SiteOptions } from './site.ts'
import type { DetectionFolder } from '../core/detect/folder/folder-types.ts'

export const OPTIONS: SiteOptions = {
  title: 'Assay catalogue',
  version: '0.0.0',
  notice: readFileSync('NOTICE', 'utf8'),
  date: undefined,
  base: undefined,
}

const passed = (folder: DetectionFolder): Run[] =>
  folder.pages.flatMap((p) =>
    p.cases.map((c) => ({
      page: p.source.name,
      title: c.title,
      line: c.line,
      status: 'passed' as const,
      failures: [],
    })),
  )

const proofOf = (file: string, text: string): Proof => ({
  coverage: [{ file, total: 40, covered: 39, uncovered: [{ line: 3, column: 1, text }], outOfReach: [] }],
  mutation: [
    {
      file,
      version: 1,
      total: 200,
      killed: 199,
      equivalent: 3,
      score: 99.5,
      survivors: Array.from({ length: 12 }, () => ({
        line: 3,
        column: 1,
        text,
        operator: 'drop',
        after: text,
        wanted: text,
        confirmed: true,
      })),
      spent: [],
    },
  ],
  unproven: [],
})

export const ours = (): CatalogueEntry[] =>
  detectionsOf(['detections']).map((folder) => ({
    folder,
    results: passed(folder),
    proof: proofOf('logscale.cql', 'Protocol = 6'),
    lints: new Map([['logscale.cql', []]]),
    compared: folder.name.includes('T1071')
      ? [
          {
            page: parseCaseFile({
              name: 'conformance/detect/published-t1071.002.case.md',
              text: readFileSync('conformance/detect/published-t1071.002.case.md', 'utf8'),
            }),
            results: [],
            ours: new Map([[`../../${folder.name}/logscale.cql`, 'logscale.cql']]),
          },
        ]
      : [],
  }))

export const oursAsSite = (options: Partial<SiteOptions> = {}): Map<string, string> =>
  renderSite(ours(), { ...OPTIONS, ...options })

/** Texts that would break out of a place in a page, feed or file. Each would set `pwned` or load something. */
export const HOSTILE = [
  '<script>window.pwned=1</script>',
  '"><img src=x onerror="window.pwned=1">',
  "' onfocus='window.pwned=1' autofocus='",
  '</script><script>window.pwned=1</script>',
  '</style></title></textarea></code></pre><svg onload=window.pwned=1>',
  '<!-- ]]> --><iframe srcdoc="<script>parent.pwned=1</script>"></iframe>',
  '[click](javascript:window.pwned=1) <javascript:window.pwned=1> ![x](https://evil.example/x.png)',
  '[a](https://evil.example/"onclick="window.pwned=1) [b](data:text/html,<script>1</script>) &lt;img src=x&gt; &#x3C;b&#x3E;',
  '\u202egnp.exe\u2066 \u0000\u0007\u001b[31m \ud800 \u2028 ]]>',
  '``` ~~~ `<u>` | a | b |\n|---|---|\n| <b>x</b> | \n\n# <h1 onclick=pwned>\n<details open ontoggle=window.pwned=1>',
].join(' ')

const KEPT = new Set([
  'id',
  'status',
  'version',
  'created',
  'modified',
  'date',
  'severity',
  'confidence',
  'techniques',
  'more_than',
  'frequency',
  'lookback',
  'delay',
  'for',
  'slowest',
])
const FILE = `${HOSTILE.replaceAll('/', '∕')}.cql`
const FILES: Readonly<Record<string, string>> = {
  query: FILE,
  file: FILE,
  playbook: 'playbook.md',
  investigation: 'investigation.md',
}

/** Makes every free text of a folder hostile. Texts whose form the schema checks are unchanged. */
function poisoned(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return KEPT.has(key) ? value : (FILES[key] ?? `${key} ${HOSTILE}`)
  if (Array.isArray(value)) {
    if (key === 'hunts') return ['hunts/hunt.md']
    if (key === 'validation') return ['validation/tests.yml']
    return KEPT.has(key) ? value : value.slice(0, 2).map((v) => poisoned(v, key))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, poisoned(v, k)]))
}

const page = (language: string) => `# ${HOSTILE.replaceAll('\n', ' ')}

## ${HOSTILE.replaceAll('\n', ' ')}
${HOSTILE.replaceAll('```', '')}

\`\`\`events
{"a":"${HOSTILE.replaceAll(/[\n"`]/g, '')}"}
\`\`\`
\`\`\`${language} file=../q.${language}
\`\`\`
\`\`\`result
a:str | b
${HOSTILE.replaceAll(/[\n`]/g, '')} | 1
\`\`\`
`

const ATOMIC = (text: string) => `attack_technique: T1048.003
display_name: ${JSON.stringify(text)}
atomic_tests:
  - name: ${JSON.stringify(text)}
    auto_generated_guid: ${JSON.stringify(text)}
    description: ${JSON.stringify(`${text} Expected signals: ${text}`)}
    supported_platforms: [${JSON.stringify(text)}]
    input_arguments: {${JSON.stringify(text)}: {description: ${JSON.stringify(text)}, type: string, default: ${JSON.stringify(text)}}}
    dependencies: [{description: ${JSON.stringify(text)}, prereq_command: ${JSON.stringify(text)}, get_prereq_command: ${JSON.stringify(text)}}]
    executor: {name: ${JSON.stringify(text)}, command: ${JSON.stringify(text)}, cleanup_command: ${JSON.stringify(text)}}
`

export function hostile(): CatalogueEntry[] {
  const [model] = ours()
  if (!model?.folder.detection) throw new Error('no detection to start from')
  const detection = poisoned(model.folder.detection) as NonNullable<DetectionFolder['detection']>
  const markdown = `# Title\n\n${HOSTILE}\n\n\`\`\`cql ?a=${HOSTILE.replaceAll(/\s/g, '')}\n${HOSTILE}\n\`\`\`\n\n<script>window.pwned=1</script>\n`
  const files = new Map([
    [FILE, `${HOSTILE}\n#a = "${HOSTILE}" | /x/`],
    ['playbook.md', markdown],
    ['investigation.md', `${markdown}\n${page('cql')}`],
    ['hunts/hunt.md', markdown],
    ['validation/tests.yml', ATOMIC(HOSTILE)],
    ['tests/a.case.md', page('cql')],
    ['tests/validation.case.md', page('sumo')],
    ['page.html', '<script>window.pwned=1</script>'],
    ['image.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="window.pwned=1"/>'],
    ['detection.yml', 'id: copy'],
    [`${HOSTILE}/${HOSTILE}`, HOSTILE],
  ])
  const read = readDetection(files, 'hostile')
  const folder: DetectionFolder = { ...read, detection, files, diagnostics: [] }
  const failures = [{ line: 1, what: HOSTILE, detail: [HOSTILE, HOSTILE] }]
  const results = folder.pages.flatMap((p) =>
    p.cases.map(
      (c): Run => ({ page: p.source.name, title: c.title, line: c.line, status: 'failed', reason: HOSTILE, failures }),
    ),
  )
  const said = lint({ name: FILE, text: files.get(FILE) ?? '' }, 'cql').diagnostics
  const compared = [
    {
      page: parseCaseFile({ name: HOSTILE, text: page('cql') }),
      results,
      ours: new Map([['../q.cql', HOSTILE]]),
    },
  ]
  return [{ folder, results, proof: proofOf(FILE, HOSTILE), lints: new Map([[FILE, said]]), compared }]
}
