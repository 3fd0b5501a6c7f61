import { command } from '../command.ts'
import { type FlagsOf, text } from '../option.ts'
import { interval, logs, query, queryArgument, telemetry, textOrJson } from '../shared-options.ts'

const options = {
  ...telemetry,
  ...query,
  ...interval,
  langB: text('language', 'language of B, where it is another one than that of A'),
  ...textOrJson,
} as const
export type DiffFlags = FlagsOf<typeof options>

export const diff = command({
  name: 'diff',
  summary: 'findings that are new, gone or changed between two queries over the same logs',
  description: 'Runs two queries over the same logs and compares their findings. Exit status 1: they differ.',
  args: { a: queryArgument, b: { about: 'the other query' }, logs: { about: logs.about, rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../diff.ts')).diff(io, args.a, args.b, args.logs, flags),
})
