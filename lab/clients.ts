// Real clients. Each sends or fetches its files; the next starts when it has ended.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { INSIDE, within } from './network.ts'
import type { Transfer, Way } from './transfers.ts'

interface Client {
  readonly command: readonly string[]
  readonly input?: string
  /** The transfer must fail. */
  readonly fails?: true
}

const curl = (transfer: Transfer, file: string, url: string, ...more: readonly string[]): Client => ({
  command: ['curl', '-sS', '--interface', transfer.host, '--insecure', ...more, '-T', file, url],
})
const upload =
  (scheme: string, ...more: readonly string[]) =>
  (t: Transfer, file: string, i: number): Client =>
    curl(t, file, `${scheme}://${t.server}/drop/report-${i}.bin`, ...more)

const CLIENTS: Readonly<Record<Way, (transfer: Transfer, file: string, i: number) => Client>> = {
  'ftp-epsv': upload('ftp'),
  'ftp-pasv': upload('ftp', '--disable-epsv'),
  'ftp-active': (t, file, i) => upload('ftp', '--ftp-port', t.host)(t, file, i),
  'ftp-tls': upload('ftp', '--ssl-reqd'),
  'ftps-implicit': upload('ftps'),
  'ftp-proftpd': upload('ftp'),
  'ftp-pureftpd': upload('ftp', '--disable-epsv'),
  'ftp-tnftp': (t, file, i) => ({
    command: ['tnftp', '-n', '-s', t.host, t.server],
    input: `user anonymous lab@example.org\nbinary\nput ${file} drop/report-${i}.bin\nquit\n`,
  }),
  'many-small': (t, file, i) => upload('ftp', '--ftp-port', t.host)(t, file, i),
  'ftp-download': (t) => ({
    command: [
      'curl',
      '-sS',
      '--interface',
      t.host,
      '--ftp-port',
      t.host,
      '-o',
      '/dev/null',
      `ftp://${t.server}/drop/report.bin`,
    ],
  }),
  tftp: (t, file, i) => ({
    command: [
      'curl',
      '-sS',
      '--interface',
      t.host,
      '--tftp-blksize',
      '1428',
      '-T',
      file,
      `tftp://${t.server}/report-${i}.bin`,
    ],
  }),
  smb: (t, file, i) => ({
    command: ['smbclient', `//${t.server}/drop`, '-N', '-s', '/dev/null', '-c', `put ${file} report-${i}.bin`],
  }),
  refused: (t) => ({
    command: ['curl', '-sS', '--interface', t.host, '--max-time', '5', `ftps://${t.server}/`],
    fails: true,
  }),
  'https-beside': (t, file, i) => curl(t, file, `https://${t.server}/report-${i}.bin`),
  'ftp-beside': (t, file) => ({
    command: ['sh', join(import.meta.dirname, 'upload-beside.sh'), t.host, t.server, file],
  }),
}

/** Runs the client of a transfer `times` times. Throws with the client's output if it fails, or if it succeeds and should fail. */
export function runTransfer(transfer: Transfer, folder: string, file: (size: number) => Uint8Array): void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${transfer.server}.bin`)
  writeFileSync(path, file(transfer.size))
  for (let i = 0; i < transfer.times; i++) {
    const { command, input, fails } = CLIENTS[transfer.way](transfer, path, i)
    const [program, ...args] = within(INSIDE, ...command)
    const { status, stderr, stdout } = spawnSync(program as string, args, { input, encoding: 'utf8', timeout: 60_000 })
    if ((status !== 0) !== (fails === true))
      throw new Error(`${transfer.way} to ${transfer.server}: status ${status}\n${stdout}\n${stderr}`)
  }
}

/** The versions of the clients, for the record. */
export function clientVersions(): Readonly<Record<string, string>> {
  const packages = [
    'curl',
    'tnftp',
    'smbclient',
    'vsftpd',
    'tftpd-hpa',
    'samba',
    'suricata',
    'softflowd',
    'nfdump',
    'argus-server',
    'tshark',
    'rsyslog',
  ]
  return Object.fromEntries(
    packages.map((name) => {
      try {
        return [name, execFileSync('dpkg-query', ['-W', '-f', '$' + '{Version}', name], { encoding: 'utf8' })]
      } catch {
        return [name, 'not installed']
      }
    }),
  )
}
