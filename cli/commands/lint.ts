import { command } from '../command.ts'
import { type FlagsOf, flag, oneOf, oneOfOrNone } from '../option.ts'
import { query } from '../shared-options.ts'

const options = {
  ...query,
  format: oneOf('format', ['text', 'json'], 'text', 'format of the diagnostics'),
  fix: flag('apply the fixes that keep the meaning'),
  failOn: oneOfOrNone('what', ['warnings'], 'exit 1 on warnings too'),
} as const
export type LintFlags = FlagsOf<typeof options>

export const lint = command({
  name: 'lint',
  summary: 'check queries: would the vendor accept them, can they ever fire?',
  description: 'Reports texts that the vendor would refuse and conditions that can never match, with reason and fix.',
  args: { paths: { about: 'query files, folders, or text with --lang', rest: true } },
  options,
  run: async ({ io, args, flags }) => (await import('../lint.ts')).lint(io, args.paths, flags),
})
