import { command } from '../command.ts'
import { type FlagsOf, flag, withDefault } from '../option.ts'
import { logs, telemetry, textOrJson } from '../shared-options.ts'

const options = {
  ...telemetry,
  ...textOrJson,
  raw: flag('keep each record as it was logged, for @rawstring and free text'),
  info: flag('show the store'),
  quiet: flag('no diagnostics below error, no summary', { short: 'q' }),
  compact: flag('make few large parts of many small ones'),
  memory: withDefault('size', '1GB', 'memory limit of the engine'),
} as const
export type StoreFlags = FlagsOf<typeof options>

export const store = command({
  name: 'store',
  summary: 'keep telemetry as Parquet, for queries that are repeated',
  description:
    'Adds logs to a folder of Parquet files by kind of event. A content is added once. The folder is then telemetry: assay run QUERY DIR.',
  args: { dir: { about: 'folder of the store; a new one is made' }, logs: { ...logs, rest: true, optional: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../store.ts')).store(io, args.dir, args.logs ?? [], flags),
})
