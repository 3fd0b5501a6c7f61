// CLK: telemetry in ClickHouse.
import { code } from '../diagnostic.ts'

export const clickRefused = code<{ place: string; reason: string }>({
  id: 'CLK101',
  slug: 'wrong-credentials',
  severity: 'error',
  title: 'ClickHouse refuses the user',
  message: (p) => `${p.place} refuses the user: ${p.reason}`,
  why: 'The user comes from the address, the password from ASSAY_CLICKHOUSE_PASSWORD or the file that ASSAY_CLICKHOUSE_PASSWORD_FILE names.',
  remedy: () =>
    'set one of these variables, and write the user in the address: clickhouse://USER@host:8123/database/table',
})

export const clickDenied = code<{ place: string; reason: string }>({
  id: 'CLK102',
  slug: 'no-rights',
  severity: 'error',
  title: 'The user lacks a right in ClickHouse',
  message: (p) => `${p.place}: ${p.reason}`,
  why: 'The user needs to read the table, on every shard of a Distributed one. An answer without a shard would cover less than you named.',
  remedy: () => 'GRANT SELECT on the table to the user, on all shards',
})

export const clickAddress = code<{ text: string; reason: string }>({
  id: 'CLK103',
  slug: 'wrong-address',
  severity: 'error',
  title: 'The address of a table in ClickHouse is wrong',
  message: (p) => `the address of a table in ClickHouse is wrong: ${p.reason}`,
  why: 'An address has a user, a host, a port of HTTP, a database and a table. A password in it would be in the history of the shell.',
  remedy: () =>
    'write clickhouse://USER@host:8123/database/table, or clickhouses:// for TLS; set ASSAY_CLICKHOUSE_PASSWORD',
})

export const clickNoTable = code<{ place: string; reason: string }>({
  id: 'CLK104',
  slug: 'no-such-table',
  severity: 'error',
  title: 'ClickHouse has no such table',
  message: (p) => `${p.place}: ${p.reason}`,
  why: 'The address names a database and a table, in the case in which they were created.',
  remedy: () => 'correct the last two parts of the address',
})

export const clickUnreachable = code<{ place: string; reason: string }>({
  id: 'CLK105',
  slug: 'unreachable',
  severity: 'error',
  title: 'ClickHouse cannot be reached',
  message: (p) => `cannot reach ${p.place}: ${p.reason}`,
  why: 'The server does not answer at this host and port, or the certificate is not trusted.',
  remedy: () =>
    'check host and port (8123 for HTTP, 8443 for HTTPS with clickhouses://); NODE_EXTRA_CA_CERTS names a certificate authority',
})

export const clickShardGone = code<{ place: string; reason: string }>({
  id: 'CLK106',
  slug: 'shard-gone',
  severity: 'error',
  title: 'A shard of the cluster does not answer',
  message: (p) => `a shard behind ${p.place} does not answer: ${p.reason}`,
  why: 'An answer over the other shards would be a part taken for the whole, so there is none.',
  remedy: () => 'bring the node back, and run the command again',
})

export const clickOld = code<{ place: string; version: string }>({
  id: 'CLK107',
  slug: 'untested-release',
  severity: 'warning',
  title: 'A release of ClickHouse that Assay is not tested with',
  message: (p) => `${p.place} is ClickHouse ${p.version}; Assay is tested with 26`,
  why: 'Functions change between releases. The answer is expected to be right, and is not proven.',
  remedy: () => 'compare a query with `--engine evaluator`, which pulls the rows',
})

export const clickCutOff = code<{ place: string }>({
  id: 'CLK108',
  slug: 'answer-cut-off',
  severity: 'error',
  title: 'The answer of ClickHouse has no end',
  message: (p) => `the answer of ${p.place} was cut off`,
  why: 'The last row of an answer is one of ours. A query that fails after its first rows ends the stream, with the status of success.',
  remedy: () => 'run the command again; the log of the server has the reason',
})

export const clickReadonly = code<{ place: string; settings: readonly string[] }>({
  id: 'CLK109',
  slug: 'readonly-user-lacks-setting',
  severity: 'error',
  title: 'The query needs settings that a read-only user cannot set',
  message: (p) => `the query needs ${p.settings.join(', ')} on ${p.place}, whose user may set nothing (readonly = 1)`,
  why: 'Without the setting, a row without a match in a join would have empty texts and zeros in place of absent fields.',
  remedy: (p) => `put ${p.settings.join(', ')} into the profile of the user, or use a user with readonly = 2`,
})

export const clickUnknownHost = code<{ name: string; table: string; host: string }>({
  id: 'CLK110',
  slug: 'password-for-unknown-host',
  severity: 'error',
  title: 'Only assay.yml names the host that would get the password',
  message: (p) =>
    `the source ${p.name} would send the password of the environment to ${p.host}, which only assay.yml names`,
  why: 'A changed assay.yml, as in a pull request, could send the password to any host.',
  remedy: (p) => `set ASSAY_CLICKHOUSE_HOST=${p.host}, or name ${p.table} on the command line in place of ${p.name}`,
})
