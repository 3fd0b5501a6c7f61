import { byName } from '../../../text/by-name.ts'
import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'

/** Programs by Sigma's service. Readers of syslog and of the journal name the program differently. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = byName({
  auth: [
    'sshd',
    'sshd-session',
    'sudo',
    'su',
    'login',
    'systemd-logind',
    'polkitd',
    'pkexec',
    'passwd',
    'useradd',
    'usermod',
    'groupadd',
  ],
  clamav: ['clamd', 'clamscan', 'freshclam', 'clamav*'],
  cron: ['cron', 'crond', 'CROND', 'anacron'],
  guacamole: ['guacd', 'guacamole', 'tomcat*'],
  sshd: ['sshd', 'sshd-session', 'sshd-auth'],
  sudo: ['sudo'],
  vsftpd: ['vsftpd'],
})
const PROGRAM = ['app', 'SYSLOG_IDENTIFIER', '_COMM', 'process.name', 'program', 'appname']

/** Record types that rules name. Records of auditd also have `msg=audit(…)`. */
const TYPES = [
  'SYSCALL',
  'EXECVE',
  'PATH',
  'CWD',
  'PROCTITLE',
  'SOCKADDR',
  'USER_*',
  'CRED_*',
  'ADD_*',
  'DEL_*',
  'SERVICE_*',
  'CONFIG_CHANGE',
  'AVC',
  'LOGIN',
  'TTY',
  'BPF',
  'DAEMON_*',
  'KERN_MODULE',
  'ANOM_*',
]

const program = (service: string, names: readonly string[]): SigmaSource[] =>
  PROGRAM.map((field) => ({ product: 'linux', service, where: { [field]: names } }))

export const linux: Vocabulary = {
  id: 'linux',
  title: 'Linux: auditd and programs',
  evidence:
    'The Linux audit documentation’s list of record types; systemd.journal-fields(7); RFC 5424 (APP-NAME); ECS module auditd.',
  sources: [
    { product: 'linux', service: 'auditd', where: { type: TYPES, EventID: 'absent' } },
    { product: 'linux', service: 'auditd', where: { 'auditd.log.record_type': 'present' } },
    { product: 'linux', service: 'auditd', where: { 'event.module': ['auditd'] } },
    { product: 'linux', service: 'auditd', where: { app: ['auditd', 'audisp*', 'audispd'] } },
    { product: 'linux', service: 'auditd', where: { _sourceCategory: ['linux/audit', 'auditd', 'os/linux/auditd'] } },
    ...Object.entries(PROGRAMS).flatMap(([service, names]) => program(service, names)),
    { product: 'linux', service: 'auth', where: { facility: ['4', '10', 'auth', 'authpriv'] } },
    ...PROGRAM.map(
      (field): SigmaSource => ({
        product: 'linux',
        service: 'syslog',
        where: { [field]: 'present', EventID: 'absent' },
      }),
    ),
    { product: 'linux', where: { _sourceCategory: ['linux', 'os/linux', 'linux/*', 'os/linux/*'] } },
  ],
  fields: {
    linux: {
      type: ['auditd.log.record_type', 'event.action'],
      exe: ['auditd.log.exe', 'process.executable'],
      comm: ['auditd.log.comm', 'process.name'],
      name: ['auditd.log.name', 'file.path'],
      SYSCALL: ['syscall', 'auditd.log.syscall'],
      syscall: ['SYSCALL', 'auditd.log.syscall'],
      cwd: ['auditd.log.cwd', 'process.working_directory'],
      key: ['auditd.log.key'],
      USER: ['USER', 'user'],
    },
  },
  spellings: { auditd: (f) => [f, `auditd.log.${f}`, `auditd.data.${f}`, `Vendor.${f}`] },
}
