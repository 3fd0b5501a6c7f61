import { command } from '../command.ts'
import { type FlagsOf, list, text, withDefault } from '../option.ts'
import { query } from '../shared-options.ts'

const options = {
  root: list('dir', 'folder whose files tools may read (default: none)', { setting: (c) => c.roots }),
  lookups: query.lookups,
  maxRows: withDefault('n', '200', 'most rows of an answer'),
  maxSeconds: withDefault('seconds', '60', 'longest time for one answer'),
  http: text(
    'port',
    'serve HTTP on the loopback interface in place of standard input and output; 0 means any free port',
  ),
} as const
export type McpFlags = FlagsOf<typeof options>

export const mcp = command({
  name: 'mcp',
  summary: 'serve agents: lint, fix, run, test and reference as tools',
  description:
    'A server of the Model Context Protocol over standard input and output, or over HTTP on this machine. Tools read files only below --root.',
  args: {},
  options,
  run: async ({ io, flags }) => (await import('../mcp.ts')).mcp(io, flags),
})
