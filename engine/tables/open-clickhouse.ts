// A table in ClickHouse: its columns, rows and time span, and what its user may do.
import { clickOld } from '../../core/diag/catalogue/clickhouse.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { quoteName } from '../../core/sql/clickhouse/dialect.ts'
import type { TableColumn } from '../../core/tables/column.ts'
import { clickhouseType } from '../../core/tables/column-type.ts'
import type { Table } from '../../core/tables/mapping.ts'
import type { Recognised, Tags } from '../inputs/input.ts'
import { TABLE } from '../inputs/table-file.ts'
import { chooseMapping, type SourceSetting } from './choose-mapping.ts'
import { type OpenedTables, tableFile } from './open-parquet.ts'
import { RunError, type Supervision } from '../workers/supervised-worker.ts'
import { readAddress } from './address.ts'
import { withClickhouse } from './clickhouse.ts'

/** Never throws on tables and servers. */
export async function openClickhouse(
  text: string,
  tags: Tags,
  setting: SourceSetting | undefined,
  supervision: Supervision,
): Promise<OpenedTables> {
  const read = readAddress(text)
  if (!read.ok) return { files: [], diagnostics: read.diagnostics }
  const address = read.value
  const { database, table: name } = address
  const from = `${quoteName(database)}.${quoteName(name)}`
  try {
    return await withClickhouse(address, { isReadonly: true }, supervision, async ({ ask }) => {
      const diagnostics: Diagnostic[] = []
      const described = await ask(`describe table ${from}`)
      const columns = described.map(
        ([column = '', type = '']): TableColumn => ({ name: column, type: clickhouseType(type) }),
      )
      const [[version = '', readonly = '', joinNulls = ''] = []] = await ask(
        `select version(), toString(getSetting('readonly')), toString(getSetting('join_use_nulls'))`,
      )
      if (!/^26\./.test(version)) diagnostics.push(diagnostic(clickOld, inLog(text), { place: text, version }))
      const sample = async (column: string): Promise<string | null> => {
        const value = quoteName(column)
        const [[found = null] = []] = await ask(
          `select toString(${value}) from ${from} where ${value} is not null limit 1`,
        )
        return found
      }
      const chosen = await chooseMapping({ name: text, columns, setting, sample })
      diagnostics.push(...chosen.diagnostics)
      const { mapping } = chosen
      if (!mapping) return { files: [], diagnostics }
      const table: Table = { columns: chosen.columns, mapping }
      const [[rows = '0'] = []] = await ask(`select toString(count()) from ${from}`)
      const at = {
        engine: 'clickhouse' as const,
        address,
        isReadonly: readonly === '1',
        joinNulls: joinNulls === '1' || joinNulls === 'true',
      }
      const file: Recognised = {
        name: text,
        path: text,
        size: 0,
        tags,
        gzip: false,
        charset: 'utf-8',
        bom: 0,
        head: [],
        format: mapping.format ?? TABLE,
        why: `a table of ClickHouse ${version}, ${chosen.why}`,
        others: [],
        table: tableFile(table, at, Number(rows), mapping.time ? undefined : [null, null]),
      }
      return { files: [file], diagnostics }
    })
  } catch (e) {
    if (e instanceof RunError) return { files: [], diagnostics: [e.diagnostic] }
    throw e
  }
}
