// Process creations of Sysmon as Winlogbeat ships them (ECS with `winlog.event_data`), of a given size, the same bytes for the same size.
import { closeSync, openSync, writeSync } from 'node:fs'
import { numbers } from './generate.ts'

const IMAGES = [
  'powershell.exe',
  'cmd.exe',
  'svchost.exe',
  'conhost.exe',
  'ftp.exe',
  'rundll32.exe',
  'chrome.exe',
  'taskhostw.exe',
]
const PARENTS = ['explorer.exe', 'services.exe', 'cmd.exe', 'winword.exe']
const START = Date.parse('2026-03-02T00:00:00Z')

export function winlogbeat(path: string, bytes: number): void {
  const fd = openSync(path, 'w')
  const next = numbers(11)
  const hex = (n: number): string =>
    next(2 ** 28)
      .toString(16)
      .padStart(n, '0')
  for (let n = 0, written = 0; written < bytes; ) {
    const block: string[] = []
    for (let i = 0; i < 2000 && written < bytes; i++, n++) {
      const at = new Date(START + 40 * n).toISOString()
      const [image, parent] = [IMAGES[next(IMAGES.length)], PARENTS[next(PARENTS.length)]].map(
        (f) => `C:\\Windows\\System32\\${f}`,
      )
      const host = `WS-${next(300)}`
      const user = `CORP\\user${next(90)}`
      const data = {
        RuleName: '-',
        UtcTime: at.replace('T', ' ').replace('Z', ''),
        ProcessGuid: `{${hex(8)}-${hex(4)}-${hex(8)}}`,
        ProcessId: String(next(60000)),
        Image: image,
        CommandLine: `"${image}" -k ${hex(12)} -s ${hex(8)}`,
        CurrentDirectory: 'C:\\Windows\\system32\\',
        User: user,
        IntegrityLevel: 'Medium',
        Hashes: `SHA256=${hex(16)}${hex(16)}`,
        ParentImage: parent,
        ParentCommandLine: `${parent} /n`,
      }
      const event = {
        '@timestamp': at,
        '@metadata': { beat: 'winlogbeat', type: '_doc', version: '8.17.0' },
        agent: { type: 'winlogbeat', version: '8.17.0', name: host },
        ecs: { version: '8.0.0' },
        event: {
          action: 'Process Create (rule: ProcessCreate)',
          code: '1',
          kind: 'event',
          provider: 'Microsoft-Windows-Sysmon',
        },
        host: { name: host, os: { family: 'windows', platform: 'windows' } },
        log: { level: 'information' },
        message: Object.entries(data).reduce((m, [k, v]) => `${m}\n${k}: ${v}`, 'Process Create:'),
        winlog: {
          channel: 'Microsoft-Windows-Sysmon/Operational',
          computer_name: host,
          event_id: '1',
          event_data: data,
          provider_name: 'Microsoft-Windows-Sysmon',
          record_id: n + 1,
        },
      }
      const line = `${JSON.stringify(event)}\n`
      block.push(line)
      written += line.length
    }
    writeSync(fd, block.join(''))
  }
  closeSync(fd)
}
