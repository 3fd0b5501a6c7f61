// assay explain QUERY LOGS --event FILE: why did this one not fire?
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { assay } from './assay.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-event-'))
after(() => rmSync(folder, { recursive: true }))
const at = (minute: number, port: string, host = 'h1') =>
  JSON.stringify({
    '@timestamp': `2026-06-01T10:0${minute}:00Z`,
    event_simpleName: 'NetworkConnectIP4',
    RemotePort: port,
    ComputerName: host,
    ImageFileName: '\\Device\\ftp.EXE',
  })
const [event, logs, empty] = ['event', 'logs', 'empty'].map((f) => join(folder, `${f}.json`)) as [
  string,
  string,
  string,
]
writeFileSync(event, `${at(1, '21')}\n`)
writeFileSync(logs, [at(0, '21'), at(1, '21'), at(2, '21'), at(3, '21', 'h2'), at(4, '22')].join('\n'))
writeFileSync(empty, '\n')

const why = async (query: string, ...more: string[]): Promise<string> => {
  const { status, out, err } = await assay('explain', query, logs, '--lang', 'cql', '--event', event, ...more)
  assert.equal(status, 0, err)
  return out
}

for (const [query, ...said] of [
  ['RemotePort=22 | count()', 'falls out at `RemotePort=22`', 'RemotePort = 22 is false: RemotePort = 21'],
  ['RemotePort>21 | count()', 'falls out at `RemotePort>21`', '`21` is 0 away from `21`'],
  ['in(RemotePort, values=[22, 2121])', 'RemotePort is one of "22", "2121" is false: RemotePort = 21'],
  ['RemotPort=21 | count()', 'RemotPort is absent', 'but `RemotePort`'],
  ['RemotePort=21 | ImageFileName=/ftp\\.exe$/ | count()', 'at `ImageFileName=', 'matches if its case is ignored'],
  ['ImageFileName="ftp.EXE" | count()', 'the value contains it'],
  [
    'groupBy(ComputerName, function=count(as=n)) | n > 5',
    'its group falls out at `n > 5`',
    'ComputerName = h1',
    'n = 4',
  ],
  ['groupBy(ComputerName, function=count(as=n)) | n > 2', 'the event fires, in the group ComputerName = h1'],
  ['ComputerName=h1 | RemotePort!=21', 'at `RemotePort!=21`'],
] as const)
  test(`${query}: ${said[0]}`, async () => {
    const out = await why(query)
    for (const s of said) assert.ok(out.includes(s), `${s} is not in\n${out}`)
  })

test('numbers that look alike are not called close, and the plan shows nowhere', async () => {
  const out = await why('in(RemotePort, values=[22, 2121])')
  assert.doesNotMatch(out, /nearest|str\.in|re\.test/)
})

test('as JSON, without logs, outside of the interval, and without an event', async () => {
  const json = JSON.parse(await why('RemotePort=22 | count()', '--format', 'json')) as {
    verdict: string
    because: unknown[]
  }
  assert.equal(json.verdict, 'out')
  assert.equal(json.because.length, 1)
  assert.match((await assay('explain', 'RemotePort=22', '--lang', 'cql', '--event', event)).out, /falls out/)
  assert.match(await why('RemotePort=21', '--from', '2026-06-01T11:00:00Z'), /outside of the interval/)
  const none = await assay('explain', 'a=1', logs, '--lang', 'cql', '--event', empty)
  assert.equal(none.status, 2)
  assert.match(none.err, /has no event|no format/)
})

const RULE = (product: string, category: string, detection: string) =>
  `title: t\nlogsource:\n  product: ${product}\n  category: ${category}\ndetection:\n${detection}\n  condition: a and b and not f\n`
const DOWNLOAD = `  a:
    Image|endswith: '\\certutil.exe'
  b:
    CommandLine|contains: http
  f:
    - ParentImage|endswith: '\\setup.exe'
    - CurrentDirectory: 'C:\\u\\'`

for (const { about, fields, said } of [
  {
    about: 'the value that decides, by the name that the event has',
    fields: { Image: 'C:\\certutil.exe', CommandLine: 'certutil ftp://x', ParentImage: 'C:\\cmd.exe' },
    said: [/^ {2}CommandLine matches "\*http\*" in any case is false: CommandLine = certutil ftp:\/\/x$/m],
  },
  {
    about: 'the alternative of a filter that takes it',
    fields: {
      Image: 'C:\\certutil.exe',
      CommandLine: 'certutil http://x',
      ParentImage: 'C:\\cmd.exe',
      CurrentDirectory: 'C:\\u\\',
    },
    said: [/^ {2}not \(CurrentDirectory = "C:\\\\u\\\\" in any case\) is false: CurrentDirectory = C:\\u\\$/m],
  },
] as const)
  test(`a Sigma rule: ${about}`, async () => {
    const [rule, file] = [join(folder, 'rule.yml'), join(folder, 'sysmon.json')]
    writeFileSync(rule, RULE('windows', 'process_creation', DOWNLOAD))
    writeFileSync(file, JSON.stringify({ Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1, ...fields }))
    const { status, out, err } = await assay('explain', rule, '--event', file)
    assert.equal(status, 0, err)
    for (const s of said) assert.match(out, s)
    assert.equal(out.match(/ is false/g)?.length, 1, out)
  })

test('a Sigma rule: the condition of the log source that the event nearly meets', async () => {
  const [rule, file] = [join(folder, 'rule.yml'), join(folder, 'falcon.json')]
  writeFileSync(rule, RULE('windows', 'process_creation', DOWNLOAD))
  writeFileSync(file, JSON.stringify({ event_simpleName: 'ProcessRollup2', ImageFileName: '\\certutil.exe', aid: 'a' }))
  const { out } = await assay('explain', rule, '--event', file)
  assert.match(out, /^ {2}event_platform = "Win"(?: in any case)? is false: event_platform is absent$/m)
  assert.equal(out.match(/ is false/g)?.length, 1, out)
})
