// Real servers, one for each transfer, each on an address of its own.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, type Daemons, listening } from './daemons.ts'
import { OUTSIDE } from './network.ts'
import type { Transfer, Way } from './transfers.ts'

interface Place {
  /** Folder of this server: configuration, files, logs. */
  readonly folder: string
  /** Folder in which install.sh unpacked packages that Debian cannot install side by side. */
  readonly unpacked: string
  readonly certificate: string
}
type Server = (transfer: Transfer, place: Place) => Daemon

const vsftpd =
  (more: readonly string[]): Server =>
  ({ server, port }, { folder, certificate }) => {
    const config = join(folder, 'vsftpd.conf')
    const lines = [
      'listen=YES',
      `listen_address=${server}`,
      `listen_port=${port}`,
      'background=NO',
      'anonymous_enable=YES',
      'anon_upload_enable=YES',
      'anon_other_write_enable=YES',
      'anon_umask=022',
      'write_enable=YES',
      'no_anon_password=YES',
      `anon_root=${join(folder, 'root')}`,
      // The user needs an existing home, because vsftpd enters it before anon_root.
      'ftp_username=daemon',
      'secure_chroot_dir=/var/run/vsftpd/empty',
      'seccomp_sandbox=NO',
      'connect_from_port_20=YES',
      'xferlog_enable=YES',
      'dual_log_enable=YES',
      `xferlog_file=${join(folder, 'xferlog')}`,
      `vsftpd_log_file=${join(folder, 'vsftpd.log')}`,
      'log_ftp_protocol=NO',
      `rsa_cert_file=${certificate}`,
      ...more,
    ]
    writeFileSync(config, `${lines.join('\n')}\n`)
    mkdirSync('/var/run/vsftpd/empty', { recursive: true })
    return { name: `vsftpd-${server}`, namespace: OUTSIDE, command: ['vsftpd', config] }
  }

const TLS = ['ssl_enable=YES', 'allow_anon_ssl=YES', 'require_ssl_reuse=NO', 'ssl_ciphers=HIGH']

const proftpd: Server = ({ server }, { folder, unpacked }) => {
  const root = join(unpacked, 'proftpd-core')
  const config = join(folder, 'proftpd.conf')
  writeFileSync(
    config,
    `ServerType standalone
ServerName lab
DefaultAddress ${server}
SocketBindTight on
Port 21
UseIPv6 off
UseReverseDNS off
User nobody
Group nogroup
PidFile ${join(folder, 'proftpd.pid')}
ScoreboardFile ${join(folder, 'proftpd.scoreboard')}
DelayEngine off
SystemLog ${join(folder, 'proftpd.log')}
TransferLog ${join(folder, 'xferlog')}
WtmpLog off
RequireValidShell off
UseFtpUsers off
AuthOrder mod_auth_unix.c
<Anonymous ${join(folder, 'root')}>
  User nobody
  Group nogroup
  UserAlias anonymous nobody
  RequireValidShell off
  <Directory *>
    AllowOverwrite on
    <Limit WRITE READ STOR>
      AllowAll
    </Limit>
  </Directory>
</Anonymous>
`,
  )
  return {
    name: `proftpd-${server}`,
    namespace: OUTSIDE,
    command: [join(root, 'usr/sbin/proftpd'), '-n', '-c', config],
    env: { LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') },
  }
}

/** pure-ftpd gives anonymous users the home of the user `ftp`, so the folder is mounted there in the server's mount namespace. */
const pureFtpd: Server = ({ server }, { folder, unpacked }) => ({
  name: `pure-ftpd-${server}`,
  namespace: OUTSIDE,
  command: [
    'sh',
    '-c',
    'mount --bind "$1" ~ftp && shift && exec "$@"',
    'pure-ftpd',
    join(folder, 'root'),
    join(unpacked, 'pure-ftpd/usr/sbin/pure-ftpd'),
    ...['-S', `${server},21`, '-e', '-M', '-H', '-A', '-O', `w3c:${join(folder, 'pureftpd-w3c.log')}`],
    ...['-g', join(folder, 'pure-ftpd.pid')],
  ],
})

const tftpd: Server = ({ server }, { folder }) => ({
  name: `tftpd-${server}`,
  namespace: OUTSIDE,
  command: [
    'in.tftpd',
    '--foreground',
    '--address',
    `${server}:69`,
    '--create',
    '--user',
    'nobody',
    '--permissive',
    '--secure',
    join(folder, 'root'),
  ],
})

const samba: Server = ({ server }, { folder }) => {
  const config = join(folder, 'smb.conf')
  const own = (name: string) => {
    mkdirSync(join(folder, name), { recursive: true })
    return join(folder, name)
  }
  writeFileSync(
    config,
    `[global]
interfaces = ${server}/32
bind interfaces only = yes
smb ports = 445
map to guest = Bad User
guest account = nobody
private dir = ${own('private')}
lock directory = ${own('lock')}
state directory = ${own('state')}
cache directory = ${own('cache')}
pid directory = ${own('pid')}
ncalrpc dir = ${own('ncalrpc')}
log file = ${join(folder, 'smbd.log')}
disable spoolss = yes
load printers = no
[drop]
path = ${join(folder, 'root')}
guest ok = yes
read only = no
`,
  )
  return {
    name: `smbd-${server}`,
    namespace: OUTSIDE,
    command: ['smbd', '--foreground', '--no-process-group', '-s', config],
  }
}

const https: Server = ({ server }, { folder, certificate }) => ({
  name: `https-${server}`,
  namespace: OUTSIDE,
  command: [process.execPath, join(import.meta.dirname, 'https-server.mjs'), server, certificate, join(folder, 'root')],
})

/** HTTPS and other services on the address of an FTP server. */
const beside: Server = (transfer, place) => {
  const { command, ...rest } = https(transfer, place)
  const [node, , ...args] = command
  return {
    ...rest,
    command: [node as string, join(import.meta.dirname, 'beside-server.mjs'), ...args, '22', '445', '8443'],
  }
}

const SERVERS: Readonly<Record<Way, Server | null>> = {
  'ftp-epsv': vsftpd([]),
  'ftp-pasv': vsftpd([]),
  'ftp-active': vsftpd([]),
  'ftp-tnftp': vsftpd([]),
  'ftp-tls': vsftpd(TLS),
  'ftps-implicit': vsftpd([...TLS, 'implicit_ssl=YES']),
  'many-small': vsftpd([]),
  'ftp-download': vsftpd([]),
  'ftp-proftpd': proftpd,
  'ftp-pureftpd': pureFtpd,
  tftp: tftpd,
  smb: samba,
  'https-beside': https,
  'ftp-beside': vsftpd([]),
  refused: null,
}

/** A self-signed certificate for the servers. */
export function makeCertificate(folder: string): string {
  const file = join(folder, 'server.pem')
  const subject = '/CN=lab.example'
  const args = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    subject,
    '-keyout',
    file,
    '-out',
    `${file}.crt`,
  ]
  execFileSync('openssl', args, { stdio: 'ignore' })
  execFileSync('sh', ['-c', `cat ${file}.crt >> ${file}`])
  return file
}

/** Starts the server of each transfer and waits until it listens. Files to download already exist. */
export async function startServers(
  transfers: readonly Transfer[],
  daemons: Daemons,
  {
    folder,
    unpacked,
    file,
  }: { readonly folder: string; readonly unpacked: string; readonly file: (size: number) => Uint8Array },
): Promise<void> {
  const certificate = makeCertificate(folder)
  for (const transfer of transfers) {
    const server = SERVERS[transfer.way]
    if (!server) continue
    const place = join(folder, transfer.server)
    const drop = join(place, 'root', 'drop')
    mkdirSync(drop, { recursive: true })
    chmodSync(drop, 0o777)
    // tftp and smb write into the root folder. vsftpd refuses a root folder that its user can write to.
    if (transfer.way === 'tftp' || transfer.way === 'smb' || transfer.way === 'https-beside')
      chmodSync(join(place, 'root'), 0o777)
    if (transfer.direction === 'in') writeFileSync(join(drop, 'report.bin'), file(transfer.size))
    daemons.start(server(transfer, { folder: place, unpacked, certificate }))
    await listening(OUTSIDE, transfer.port, transfer.server)
    if (transfer.way !== 'ftp-beside') continue
    daemons.start(beside(transfer, { folder: place, unpacked, certificate }))
    await listening(OUTSIDE, 443, transfer.server)
  }
}
