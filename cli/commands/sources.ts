import { command } from '../command.ts'
import type { FlagsOf } from '../option.ts'
import { telemetry, textOrJson } from '../shared-options.ts'

const options = { ...telemetry, ...textOrJson } as const
export type SourcesFlags = FlagsOf<typeof options>

export const sources = command({
  name: 'sources',
  summary: 'show format, time span and fields of telemetry',
  description:
    'Shows for each file its format and the reason for it, its time span, its fields, and its good and bad lines.',
  args: { logs: { about: 'as for run', rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../sources.ts')).sources(io, args.logs, flags),
})
