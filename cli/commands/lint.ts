import { command } from '../command.ts'
import { type FlagsOf, flag, list, oneOf, oneOfOrNone, text } from '../option.ts'
import { query, telemetry } from '../shared-options.ts'

const options = {
  ...query,
  format: oneOf(
    'format',
    ['text', 'json', 'sarif', 'github', 'junit', 'markdown'],
    'text',
    'format of the diagnostics',
  ),
  fix: flag('apply the safe fixes, which write what was meant; --fix=all: the proposals too'),
  fixAll: flag('apply the safe fixes, which write what was meant, and the proposals', { also: '--fix=all' }),
  diff: flag('show what --fix would change, and change nothing'),
  baseline: text('file', 'report only what the file does not list; without the file, write it'),
  logs: list('logs', 'telemetry: report too what the queries lack in it'),
  sourceTz: telemetry.sourceTz,
  failOn: oneOfOrNone('what', ['warnings'], 'exit 1 on warnings too'),
} as const
export type LintFlags = FlagsOf<typeof options>

export const lint = command({
  name: 'lint',
  summary: 'check queries: would the vendor accept them, can they ever fire?',
  description:
    'Reports texts that the vendor would refuse, texts that mean something else than they seem to, and conditions that can never match, with reason and fix.',
  args: { paths: { about: 'query files, folders, - for standard input, or text with --lang', rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../lint.ts')).lint(io, args.paths, flags),
})
