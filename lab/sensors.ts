// Real sensors on the cable. They start before the first transfer and end after the last.
import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Daemons } from './daemons.ts'
import { CABLE, INSIDE, within } from './network.ts'

const COLLECTOR = '127.0.0.1:9995'

/** Suricata writes eve.json while it listens. The flow exporter sends to a collector. The other sensors read a capture later. */
export function startSensors(folder: string, daemons: Daemons): void {
  const suricata = join(folder, 'suricata')
  const flows = join(folder, 'nfcapd')
  for (const made of [suricata, flows]) mkdirSync(made, { recursive: true })
  const config = join(suricata, 'suricata.yaml')
  writeFileSync(config, suricataConfig)
  const inside = (name: string, ...command: readonly string[]) => daemons.start({ name, namespace: INSIDE, command })
  inside('tcpdump', 'tcpdump', '-i', CABLE, '-U', '-w', join(folder, 'cable.pcap'))
  inside('suricata', 'suricata', '-c', config, '-i', CABLE, '-l', suricata, '-S', '/dev/null', '-k', 'none')
  inside('nfcapd', 'nfcapd', '-w', flows, '-p', '9995', '-b', '127.0.0.1', '-t', '3600')
  inside(
    'softflowd',
    'softflowd',
    '-i',
    CABLE,
    '-d',
    '-v',
    '9',
    '-n',
    COLLECTOR,
    '-t',
    'maxlife=600',
    '-c',
    join(folder, 'softflowd.ctl'),
  )
  inside('argus', 'argus', '-i', CABLE, '-w', join(folder, 'cable.argus'), '-S', '60')
}

const suricataConfig = `%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "[10.0.0.0/8]"
    EXTERNAL_NET: "!$HOME_NET"
  port-groups: { HTTP_PORTS: "80", FTP_PORTS: "21", FILE_DATA_PORTS: "[80]", SSH_PORTS: "22" }
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      community-id: true
      types: [ftp, ftp_data, tftp, smb, tls, flow, netflow]
app-layer:
  protocols:
    ftp: { enabled: yes }
    tftp: { enabled: yes }
    smb: { enabled: yes, detection-ports: { dp: 139, 445 } }
    tls: { enabled: yes, detection-ports: { dp: 443, 990 } }
    http: { enabled: yes }
af-packet:
  - interface: default
    cluster-id: 99
    cluster-type: cluster_flow
flow-timeouts:
  default: { new: 5, established: 600, closed: 0, bypassed: 100, emergency-new: 1, emergency-established: 100, emergency-closed: 0, emergency-bypassed: 50 }
  tcp: { new: 5, established: 600, closed: 1, bypassed: 100 }
  udp: { new: 5, established: 10 }
`

/** Makes softflowd export its remaining flows, which a signal would drop. Called before the sensors are ended. */
export function flushFlows(folder: string): void {
  const [program, ...args] = within(INSIDE, 'softflowctl', '-c', join(folder, 'softflowd.ctl'), 'expire-all')
  execFileSync(program as string, args, { stdio: 'ignore' })
}

/** Exports the flows of the sensors in common formats. Called when all sensors have ended. */
export async function exportFlows(folder: string, out: string): Promise<void> {
  const flows = join(folder, 'nfcapd')
  const captured = readdirSync(flows)
    .filter((f) => f.startsWith('nfcapd.'))
    .map((f) => join(flows, f))
  const write = (name: string, command: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const [program, ...args] = command
      const text = execFileSync(program as string, args, {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const stream = createWriteStream(join(out, name))
      stream.end(text, () => resolve()).on('error', reject)
    })
  const first = captured[0] as string
  for (const [name, form] of [
    ['nfdump.json', 'json'],
    ['nfdump.csv', 'csv'],
    ['nfdump-long.txt', 'long'],
    ['nfdump-extended.txt', 'extended'],
  ] as const)
    await write(name, ['nfdump', '-r', first, '-o', form])
  const fields = 'stime ltime dur proto saddr sport dir daddr dport spkts dpkts sbytes dbytes state'.split(' ')
  await write('argus.csv', ['ra', '-n', '-u', '-c', ',', '-r', join(folder, 'cable.argus'), '-s', ...fields, '-', 'ip'])
  await write('argus.txt', ['ra', '-n', '-r', join(folder, 'cable.argus'), '-', 'ip'])
  const columns = [
    'frame.time_epoch',
    'ip.src',
    'tcp.srcport',
    'udp.srcport',
    'ip.dst',
    'tcp.dstport',
    'udp.dstport',
    'ip.proto',
    'frame.len',
    '_ws.col.Protocol',
    'ftp.request.command',
    'ftp.request.arg',
    'tftp.opcode',
  ]
  await write('tshark-ftp.csv', [
    'tshark',
    '-r',
    join(folder, 'cable.pcap'),
    '-Y',
    'ftp || tftp.opcode == 2',
    '-T',
    'fields',
    '-E',
    'header=y',
    '-E',
    'separator=,',
    '-E',
    'quote=d',
    ...columns.flatMap((c) => ['-e', c]),
  ])
  await write('tshark-ftp.json', [
    'tshark',
    '-r',
    join(folder, 'cable.pcap'),
    '-Y',
    'ftp.request || tftp.opcode == 2',
    '-T',
    'ek',
  ])
}
