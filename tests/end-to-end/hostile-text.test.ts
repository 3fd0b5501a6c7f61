// Texts from outside, in every place that a command prints: values and names of fields, names of files, texts of queries, titles
// of cases. The output of every command and format is searched for bytes that would control a terminal, CI log, page or spreadsheet.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import MarkdownIt from 'markdown-it'
import { formatIds } from '../../cli/output.ts'
import { commands, main } from '../../cli/program.ts'
import { hostileTexts } from '../../core/text/foreign-fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-hostile-'))
const house = resolve('.')
/** In names of files and fields, titles and texts: controls, direction, no width, commands of runners. */
const NAME = 'x \u001b[2J\u009b31m\u202eb\u200b ##[command]y ##vso[a]'
const LOG = `logs/${NAME}.ndjson`
const LINE = `logs/line\n::error::${NAME}.ndjson`
const QUERY = `${NAME}.cql`
const BROKEN = `broken ${NAME}.cql`
const RULE = `${NAME}.yml`
const PAGE = `${NAME}.case.md`
const DETECTION = 'detections/T1048.003-unencrypted-non-c2-protocol'

const events = hostileTexts.map((text, i) => ({
  '@timestamp': 1782032400000 + i * 60_000,
  '#event_simpleName': 'NetworkConnectIP4',
  aid: `${i}`.padStart(2, '0'),
  value: text.toWellFormed(),
  [`field ${NAME}`]: text.toWellFormed(),
}))

before(() => {
  process.chdir(folder)
  mkdirSync('logs')
  for (const log of [LOG, LINE]) writeFileSync(log, events.map((e) => `${JSON.stringify(e)}\n`).join(''))
  writeFileSync(LINE, `${readFileSync(LOG, 'utf8')}{"broken": \u001b[31m ::error::\n`)
  writeFileSync(QUERY, `aid=* // ${NAME}\n::error::a\n`.replace('\n::error', ' // ::error'))
  const search = `{ value: ${JSON.stringify(NAME)}, 'field ${JSON.stringify(NAME).slice(1, -1)}': x }`
  writeFileSync(
    RULE,
    `title: ${JSON.stringify(`t ${NAME}\n::error::t`)}\nlogsource: { category: process_creation, product: windows }\ndetection:\n  s: ${search}\n  condition: s\n`,
  )
  writeFileSync(BROKEN, `a=1 | ${NAME}(\n::error::b\n`)
  const events1 = JSON.stringify(events[0])
  const result = '```result\naid:str\nother \\u001b\n```'
  writeFileSync(
    PAGE,
    `# p\n\n## ::error::${NAME}\n\`\`\`events\n${events1}\n\`\`\`\n\`\`\`cql\nvalue="${NAME}"\n\`\`\`\n${result}\n`,
  )
  cpSync(join(house, DETECTION), DETECTION, { recursive: true })
  const playbook = `${DETECTION}/playbook.md`
  writeFileSync(playbook, `${readFileSync(playbook, 'utf8')}\nTODO: ${NAME}\n`)
})
after(() => {
  process.chdir(house)
  rmSync(folder, { recursive: true })
})

interface Printed {
  readonly out: string
  readonly err: string
}
async function assay(isTTY: boolean, ...args: readonly string[]): Promise<Printed> {
  let [out, err] = ['', '']
  const stdout = { isTTY, columns: 120, write: (text: string) => (out += text) }
  const stderr = { isTTY, columns: 120, write: (text: string) => (err += text) }
  await main(args, { stdout, stderr, env: { NO_COLOR: '1' } })
  // These erase the progress line on a terminal.
  return { out, err: err.replaceAll('\r\u001b[K', '') }
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
/** Lines that a runner or a terminal would obey. */
/** Annotations of `--format github`: commands of our own, whose texts cannot end the line. */
const OWN =
  /^::(?:error|warning|notice) (?:file=[^:,]*,line=\d+,col=\d+,endLine=\d+,endColumn=\d+,)?title=[A-Z]{3}\d{3} [a-z0-9-]+::/
function acts(text: string): string[] {
  return text.split('\n').filter((l) => INVISIBLE.test(l) || /^\s*::[a-z]+[ :]/i.test(l) || /##\[|##vso\[/i.test(l))
}

/** Every command, with arguments that make it print foreign text. */
const CALLS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  run: [
    ['run', QUERY, 'logs'],
    ['run', BROKEN, 'logs'],
    ['run', QUERY, `logs/none ${NAME}`],
    ['run', NAME, 'logs', '--lang', 'cql'],
  ],
  lint: [
    ['lint', QUERY, BROKEN],
    ['lint', `none ${NAME}`],
    ['lint', '--fix', '--lang', 'cql', `a=1 | stats count by b // ${NAME}`],
  ],
  fmt: [
    ['fmt', QUERY, BROKEN],
    ['fmt', '--check', QUERY],
  ],
  explain: [
    ['explain', QUERY, 'logs'],
    ['explain', BROKEN],
  ],
  sources: [['sources', 'logs']],
  test: [
    ['test', PAGE],
    ['test', '--filter', NAME, DETECTION],
  ],
  new: [
    ['new', `T1048.003 ${NAME}`],
    ['new', 'T1048.003', `new ${NAME}`],
  ],
  backtest: [
    ['backtest', QUERY, 'logs', '--every', '10m', '--lookback', '10m'],
    ['backtest', BROKEN, 'logs', '--every', '10m', '--lookback', '10m'],
  ],
  tune: [['tune', QUERY, 'logs', '--every', '10m', '--lookback', '10m']],
  witness: [
    ['witness', QUERY],
    ['witness', QUERY, '--near-miss'],
    ['witness', BROKEN],
  ],
  verify: [
    ['verify', QUERY, `aid=* value="${NAME}"`, 'logs'],
    ['verify', QUERY, BROKEN],
  ],
  diff: [['diff', QUERY, `aid=* value="${NAME}"`, 'logs']],
  hunt: [
    ['hunt', QUERY, RULE, BROKEN, '--logs', 'logs'],
    ['hunt', RULE, '--logs', `logs/none ${NAME}`],
  ],
  translate: [
    ['translate', RULE, '--to', 'cql'],
    ['translate', RULE, '--to', 'kql'],
    ['translate', QUERY, '--to', 'sumo'],
    ['translate', BROKEN, '--to', 'sumo'],
  ],
  store: [['store', `store ${NAME}`, 'logs']],
  completion: [['completion', NAME]],
  // Servers speak JSON; only a wrong call of them prints text.
  lsp: [['lsp', NAME]],
  mcp: [['mcp', NAME]],
  'catalog build': [['catalog', 'build', DETECTION, '--no-mutation', '--out', `site ${NAME}`]],
  'catalog serve': [['catalog', 'serve', DETECTION, '--port', NAME]],
}

test('every command is called', () => {
  assert.deepEqual(Object.keys(CALLS).sort(), commands.map((c) => c.name).sort())
})

for (const command of commands) {
  const choices = command.options['format']?.kind === 'value' ? (command.options['format'].choices ?? []) : []
  const formats = choices.length > 0 ? choices.map((f) => ['--format', f]) : [[]]
  for (const format of formats.filter(([, id]) => id !== 'csv')) {
    test(`assay ${command.name} ${format.join(' ')}: nothing acts on a terminal or a CI log`, async () => {
      for (const call of CALLS[command.name] ?? []) {
        for (const isTTY of format[1]?.endsWith('json') ? [false] : [true, false]) {
          const { out, err } = await assay(isTTY, ...call, ...format)
          const isKept =
            !isTTY && (/^(?:fmt|translate)$/.test(command.name) || call.includes('--fix')) && format[1] !== 'json'
          const texts = format[1] === 'github' ? out.replace(new RegExp(OWN, 'gm'), '') : out
          if (!isKept) assert.deepEqual(acts(texts), [], `stdout of ${JSON.stringify(call)}`)
          assert.deepEqual(acts(err), [], `stderr of ${JSON.stringify(call)}`)
          if (format[1] === 'json' && out !== '') JSON.parse(out)
        }
      }
    })
  }
}

test('a wrong call is printed as text', async () => {
  for (const call of [[NAME], ['run', `--${NAME}`], ['run', 'a', 'b', '--format', NAME]]) {
    const { err } = await assay(false, ...call)
    assert.match(err, /^error: /)
    assert.deepEqual(acts(err), [])
  }
})

test('rows arrive exactly in JSON, NDJSON and CSV', async () => {
  assert.deepEqual(formatIds, ['csv', 'json', 'markdown', 'ndjson', 'table'])
  const wanted = events.map((e) => e.value)
  const rows = async (...args: string[]) =>
    (await assay(false, 'run', 'aid=* | select([aid, value]) | sort(aid, order=asc)', LOG, '--lang', 'cql', ...args))
      .out
  const json = JSON.parse(await rows('--format', 'json')) as { value: string }[]
  assert.deepEqual(
    json.map((r) => r.value),
    wanted,
  )
  const lines = (await rows('--format', 'ndjson')).trimEnd().split('\n')
  assert.deepEqual(
    lines.map((l) => (JSON.parse(l) as { value: string }).value),
    wanted,
  )
  assert.deepEqual(
    cells(await rows('--format', 'csv')).map((r) => r[1]),
    ['value', ...wanted],
  )
  const spreadsheet = cells(await rows('--format', 'csv', '--spreadsheet')).map((r) => r[1] ?? '')
  assert.deepEqual(
    spreadsheet.filter((c) => /^[=+\-@\t\r]/.test(c)),
    [],
  )
  assert.deepEqual(
    spreadsheet.map((c) => c.replace(/^'(?=[=+\-@\t\r])/, '')),
    ['value', ...wanted],
  )
})

/** RFC 4180. */
function cells(csv: string): string[][] {
  return [...csv.matchAll(/((?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*)\r\n/g)].map((m) =>
    [...(m[1] ?? '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map((c) =>
      (c[1] ?? c[2] ?? '').replaceAll('""', '"'),
    ),
  )
}

test('rows in Markdown are one table of texts', async () => {
  const { out } = await assay(false, 'run', QUERY, LOG, '--format', 'markdown')
  const html = new MarkdownIt({ html: true, linkify: true }).enable(['table', 'strikethrough']).render(out)
  const tags = [...new Set([...html.matchAll(/<([a-z0-9]+)/g)].map((m) => m[1]))].sort()
  assert.deepEqual(tags, ['code', 'table', 'tbody', 'td', 'th', 'thead', 'tr'])
  assert.equal(html.match(/<tr>/g)?.length, events.length + 1)
})

test('a report is JSON, JUnit is XML without a tag of the page', async () => {
  await assay(false, 'run', QUERY, 'logs', '--report', 'report.json')
  const report = readFileSync('report.json', 'utf8')
  assert.deepEqual(acts(report), [])
  assert.equal((JSON.parse(report) as { rows: unknown[] }).rows.length, events.length * 2)
  writeFileSync('xml.case.md', readFileSync(PAGE, 'utf8').replace('## ', '## </testcase><a b="\u001b"> & '))
  await assay(false, 'test', 'xml.case.md', '--junit', 'junit.xml')
  const xml = readFileSync('junit.xml', 'utf8')
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
  const tags = [...new Set([...xml.matchAll(/<\/?([A-Za-z]+)/g)].map((m) => m[1]))].sort()
  assert.deepEqual(tags, ['failure', 'testcase', 'testsuite', 'testsuites'])
})

test('a page of the site shows a title as text', async () => {
  const page = readdirSync(`${DETECTION}/tests`).find((f) => f.endsWith('.case.md')) as string
  const path = `${DETECTION}/tests/${page}`
  const [text, playbook] = [readFileSync(path, 'utf8'), readFileSync(`${DETECTION}/playbook.md`, 'utf8')]
  writeFileSync(`${DETECTION}/playbook.md`, playbook.replace(/\nTODO:.*\n$/, ''))
  writeFileSync(path, text.replace(/^## (.*)$/m, `## $1 <img src=x onerror=alert(1)> \u0007`))
  const { err } = await assay(false, 'catalog', 'build', DETECTION, '--no-mutation', '--out', 'site')
  const site = readdirSync('site', { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.html'))
  assert.ok(site.length > 0, err)
  for (const file of site) {
    const html = readFileSync(join('site', file), 'utf8')
    assert.doesNotMatch(html, /<img|\u0007/)
  }
  assert.ok(site.some((f) => readFileSync(join('site', f), 'utf8').includes('&lt;img src=x')))
})
