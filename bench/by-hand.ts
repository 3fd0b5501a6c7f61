// The other side: handwritten SQL that names the columns, in a process of its own.
// Usage: published|count FILE|STORE, process|eve|winlogbeat FILE, id STORE VALUE.
import { existsSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import { columnName } from '../core/tables/column-name.ts'

const [which = '', path = '', value = ''] = process.argv.slice(2)
const isStore = existsSync(`${path}/assay-store.json`)
const parts = `read_parquet('${path}/parts/*/*.parquet', union_by_name = true, hive_partitioning = false)`
/** A log of JSON lines, with the types of its columns. */
const log = (columns: string): string =>
  `read_json('${path.replaceAll("'", "''")}', format = 'newline_delimited', records = true, ignore_errors = true, columns = {${columns}})`
const from = (names: readonly string[]): string =>
  isStore
    ? `(select ${names.map((n) => `${columnName(n)} as "${n}"`).join(', ')} from ${parts})`
    : log(names.map((n) => `${n}: 'VARCHAR'`).join(', '))
const KEYS = ['ComputerName', 'ImageFileName', 'UserName', 'RemoteAddressIP4', 'RemotePort']
const queries: Readonly<Record<string, string>> = {
  published: `
    select ${KEYS.join(', ')}, count(*) as n,
      coalesce(sum(try_cast(BytesSent as bigint)), 0) as sent, coalesce(sum(try_cast(BytesReceived as bigint)), 0) as received,
      min(try_cast("timestamp" as bigint)) as first_seen, max(try_cast("timestamp" as bigint)) as last_seen
    from ${from(['event_simpleName', ...KEYS, 'BytesSent', 'BytesReceived', 'timestamp'])}
    where event_simpleName = 'NetworkConnectIP4' and RemotePort in ('20', '21', '69', '139', '445', '990')
      and not regexp_matches(RemoteAddressIP4, '^10\\.|^172\\.(1[6-9]|2[0-9]|3[01])\\.|^192\\.168\\.|^127\\.|^169\\.254\\.')
      and ${KEYS.map((k) => `${k} is not null`).join(' and ')}
    group by all having count(*) > 3 order by n desc`,
  count: `
    select event_simpleName, aid, count(*) as n from ${from(['event_simpleName', 'aid'])}
    where event_simpleName is not null and aid is not null group by all`,
  process: `
    select ComputerName, count(*) as n from ${from(['event_simpleName', 'ComputerName', 'CommandLine'])}
    where event_simpleName = 'ProcessRollup2' and regexp_matches(CommandLine, 'cmd[.]exe" /c [0-9a-f]*?00[0-9a-f]', 'i')
      and ComputerName is not null group by all`,
  eve: `
    select src_ip, count(*) as n, sum(flow.bytes_toserver) as bytes
    from ${log(`event_type: 'VARCHAR', src_ip: 'VARCHAR', flow: 'STRUCT(bytes_toserver BIGINT)'`)}
    where event_type = 'flow' and src_ip is not null group by all`,
  winlogbeat: `
    select host.name, winlog.event_data.ParentImage, count(*) as n
    from ${log(`host: 'STRUCT(name VARCHAR)', winlog: 'STRUCT(event_data STRUCT(Image VARCHAR, ParentImage VARCHAR))'`)}
    where regexp_matches(winlog.event_data.Image, '\\\\powershell[.]exe$', 'i')
      and host.name is not null and winlog.event_data.ParentImage is not null group by all`,
  id: `select * from ${parts} where ${columnName('ContextProcessId')} = '${value}'`,
}

async function rows(): Promise<readonly unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  return (await connection.runAndReadAll(queries[which] ?? '')).getRows()
}
void rows().then((found) => console.log(JSON.stringify(found.map((r) => r.map(String)))))
