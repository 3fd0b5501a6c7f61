import { command } from '../command.ts'
import { type FlagsOf, text } from '../option.ts'
import { interval, logs, query, queryArgument, telemetry, textOrJson } from '../shared-options.ts'

const options = {
  ...telemetry,
  ...query,
  ...interval,
  langB: text('language', 'language of B, where it is another one than that of A'),
  allow: text('file', 'YAML list of differences that are meant: predicate and reason'),
  ...textOrJson,
} as const
export type VerifyFlags = FlagsOf<typeof options>

export const verify = command({
  name: 'verify',
  summary: 'do two queries find the same? if not, show the smallest event that tells them apart',
  description:
    'Runs two queries, of one language or of two, over generated events that reach every predicate of both, and over logs if there are any. Exit status 1: they differ.',
  args: {
    a: queryArgument,
    b: { about: 'the other query' },
    logs: { about: logs.about, rest: true, optional: true },
  },
  options,
  run: async ({ io, args, flags }) => (await import('../verify.ts')).verify(io, args.a, args.b, args.logs, flags),
})
