// The other side: the SQL that somebody would write by hand, with the columns named, in a process of its own.
import { DuckDBInstance } from '@duckdb/node-api'

const [path = ''] = process.argv.slice(2)
const names = [
  'event_simpleName',
  'ComputerName',
  'ImageFileName',
  'UserName',
  'RemoteAddressIP4',
  'RemotePort',
  'BytesSent',
  'BytesReceived',
  'timestamp',
]
const columns = names.map((n) => `${n}: 'VARCHAR'`).join(', ')
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const reader = await connection.runAndReadAll(`
  select ComputerName, ImageFileName, UserName, RemoteAddressIP4, RemotePort, count(*) as n,
    sum(try_cast(BytesSent as bigint)) as sent, sum(try_cast(BytesReceived as bigint)) as received,
    min(try_cast("timestamp" as bigint)) as first_seen, max(try_cast("timestamp" as bigint)) as last_seen
  from read_json('${path.replaceAll("'", "''")}', format = 'newline_delimited', records = true, ignore_errors = true, columns = {${columns}})
  where event_simpleName = 'NetworkConnectIP4' and RemotePort in ('20', '21', '69', '139', '445', '990')
    and not regexp_matches(RemoteAddressIP4, '^10\\.|^172\\.(1[6-9]|2[0-9]|3[01])\\.|^192\\.168\\.|^127\\.|^169\\.254\\.')
  group by all order by n desc`)
const rows = reader.getRows()
const sum = (i: number): string => String(rows.reduce((n, r) => n + Number(r[i]), 0))
console.log(
  JSON.stringify({
    rows: rows.length,
    connections: Number(sum(5)),
    sent: sum(6),
    peakMB: process.resourceUsage().maxRSS / 1024,
  }),
)
