import { command } from '../command.ts'
import { type FlagsOf, flag, text } from '../option.ts'
import { budget, root, textOrJson } from '../shared-options.ts'

const options = {
  ...root,
  ...budget,
  filter: text('text', 'only cases with this text in the title'),
  accept: flag('replace the expected blocks with the actual results'),
  coverage: flag('list the clauses of each query that no test checks'),
  mutation: flag('list the small changes to each query that no test notices'),
  minCoverage: text('percent', 'exit 1 if a query has less'),
  minMutation: text('percent', 'exit 1 if a query has less'),
  junit: text('file', 'write the results as JUnit XML'),
  watch: flag('run again whenever a file changes'),
  ...textOrJson,
} as const
export type TestFlags = FlagsOf<typeof options>

export const test = command({
  name: 'test',
  summary: 'test detections and other pages of cases',
  description:
    'Checks the folders of detections and runs the cases of their pages, and of any *.case.md, on the evaluator and on DuckDB.',
  args: { paths: { about: 'pages or folders', rest: true, optional: true, default: ['.'] } },
  options,
  run: async ({ io, args, flags }) => (await import('../test.ts')).test(io, args.paths, flags),
})
