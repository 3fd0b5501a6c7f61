import { command } from '../command.ts'
import { type FlagsOf, flag } from '../option.ts'

const options = {
  write: flag('rewrite the files'),
  check: flag('exit 1 if a file is not in canonical layout'),
} as const
export type FmtFlags = FlagsOf<typeof options>

export const fmt = command({
  name: 'fmt',
  summary: 'print queries in canonical layout, with their comments',
  description: 'Prints queries in canonical layout; with --write it rewrites the files.',
  args: { paths: { about: 'query files', rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../fmt.ts')).fmt(io, args.paths, flags),
})
