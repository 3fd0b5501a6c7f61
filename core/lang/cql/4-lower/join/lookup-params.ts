// The parameters that `match()` and `matchAsArray()` share, and the table they read.
import type { CallContext } from '../builtin.ts'
import { first, param } from '../params.ts'
import { tableOf } from './join.ts'

export const LOOKUP = [
  first('file', 'text', 'Name of the lookup file.'),
  param('table', 'text', 'Name of an ad-hoc table.'),
  param('field', 'fields', 'The fields to look up.', { required: true }),
  param('column', 'texts', 'The columns to find them in; the same names.'),
  param('include', 'texts', 'Columns to take over; all, also those under which the fields are found.'),
] as const
export const IGNORE_CASE = param('ignoreCase', 'bool', 'Letters that lower alike are the same.', { default: 'false' })
export const STRICT = param('strict', 'bool', 'Drops events without a row.', { default: 'true' })

/** The table, with the columns to find and to take over. Undefined: a diagnostic says why there is none. */
export function lookupOf(c: CallContext, fn: string) {
  const { flow, args } = c
  const fields = args.fields('field')
  const keys = args.has('column') ? args.texts('column') : fields
  const listed = args.has('include') && !args.texts('include').includes('*') ? args.texts('include') : undefined
  const table = tableOf(c, fn, [...new Set([...keys, ...(listed ?? [])])])
  if (!table) return undefined
  if (listed === undefined && !table.known) flow.addUnknown()
  const most = args.has('nrows') && args.text('nrows').toLowerCase() === 'max' ? null : args.number('nrows', 1)
  // A field that is found under its own name has the value of the column already.
  const own = keys.filter((k, i) => k === fields[i])
  return { fields, keys, table, include: listed ?? table.columns.filter((n) => !own.includes(n)), most }
}
