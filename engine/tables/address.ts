// The address of a table: clickhouse://USER@host:8123/database/table. It never holds a password, so it may be printed.
import { clickAddress } from '../../core/diag/catalogue/clickhouse.ts'
import { diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { readSmallText } from '../files/read-small.ts'

export interface ClickhouseAddress {
  /** http://host:8123 */
  readonly url: string
  readonly user: string
  readonly database: string
  readonly table: string
}

export const isAddress = (text: string): boolean => /^clickhouses?:\/\//.test(text)

export function readAddress(text: string): Result<ClickhouseAddress> {
  const wrong = (reason: string, shown = text) =>
    failure(diagnostic(clickAddress, inLog(shown), { text: shown, reason }))
  const m = /^clickhouse(s?):\/\/(?:([^/@]*)@)?([^/@]+)\/([^/]+)\/([^/]+)$/.exec(text)
  if (!m) return wrong('expected clickhouse://USER@host:8123/database/table', text.replace(/:[^/@:]*@/, ':…@'))
  const [, tls = '', user = '', host = '', database = '', table = ''] = m
  if (user.includes(':')) return wrong('it has a password', text.replace(/:[^/@:]*@/, ':…@'))
  const port = /:\d+$/.test(host) ? '' : tls ? ':8443' : ':8123'
  const parts = { user, database, table }
  try {
    const decoded = Object.fromEntries(Object.entries(parts).map(([k, v]) => [k, decodeURIComponent(v)]))
    const url = new URL(`http${tls}://${host}${port}`)
    return ok({ ...parts, ...decoded, user: decoded['user'] || 'default', url: url.origin })
  } catch {
    return wrong('it is no URL')
  }
}

/**
 * True: a server that a file names may learn the password. A changed assay.yml would send it to
 * any host.
 */
export function mayKnowPassword({ url }: ClickhouseAddress, env: NodeJS.ProcessEnv = process.env): boolean {
  const isSet = Boolean(env['ASSAY_CLICKHOUSE_PASSWORD_FILE'] || env['ASSAY_CLICKHOUSE_PASSWORD'])
  return !isSet || env['ASSAY_CLICKHOUSE_HOST'] === new URL(url).host
}

/** From the environment, or from a file that it names. */
export function password(env: NodeJS.ProcessEnv = process.env): string {
  const file = env['ASSAY_CLICKHOUSE_PASSWORD_FILE']
  if (file) return readSmallText(file).replace(/\r?\n$/, '')
  return env['ASSAY_CLICKHOUSE_PASSWORD'] ?? ''
}
