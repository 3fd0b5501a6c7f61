import { command } from '../command.ts'
import { type FlagsOf, flag, list } from '../option.ts'
import { query, telemetry } from '../shared-options.ts'

const options = {
  stdio: flag('speak over standard input and output, which is the only way'),
  logs: list('path', 'telemetry whose fields and values are offered'),
  parser: telemetry.parser,
  lookups: query.lookups,
  pipeline: query.pipeline,
} as const
export type LspFlags = FlagsOf<typeof options>

export const lsp = command({
  name: 'lsp',
  summary: 'serve editors: diagnostics, completion, hover, rename',
  description:
    'A language server (LSP 3.17) for queries, rules, detection.yml, assay.yml and pages of cases. An editor starts it; see docs/guide/editors.md.',
  args: {},
  options,
  run: async ({ flags }) => (await import('../lsp.ts')).lsp(flags),
})
