import { command } from '../command.ts'
import { type FlagsOf, flag, list, needed, noFlag, text, withDefault } from '../option.ts'
import { budget, root, textOrJson } from '../shared-options.ts'

const args = {
  detections: {
    about: 'folders of detections, or folders above them',
    rest: true,
    optional: true,
    default: ['detections'],
  },
} as const
const site = {
  title: withDefault('text', 'Assay catalogue', 'title of the site'),
  baseUrl: text('url', 'address of the site, for its feed and links'),
  ...root,
  ...budget,
  date: text('date', 'date on the pages (default: date of the newest change)'),
  comparisons: list(
    'dir',
    'pages of cases that compare detections with other queries (default: conformance/detect, if it exists)',
  ),
} as const

const buildOptions = {
  ...site,
  out: needed('dir', 'a new or empty folder, or one from an earlier build, which is replaced'),
  mutation: noFlag('skip clause coverage and mutation score, which take the longest'),
  ...textOrJson,
} as const
export type BuildFlags = FlagsOf<typeof buildOptions>

const serveOptions = {
  ...site,
  port: withDefault('port', '8071', 'port; 0 means any free port'),
  mutation: flag('measure clause coverage and mutation score too'),
} as const
export type ServeFlags = FlagsOf<typeof serveOptions>

export const build = command({
  name: 'catalog build',
  summary: 'write the site',
  description:
    'Runs the tests of the detections and writes a site with their results. Writes nothing if a folder has an error.',
  args,
  options: buildOptions,
  run: async ({ io, args: { detections }, flags }) => (await import('../catalog.ts')).build(io, detections, flags),
})

export const serve = command({
  name: 'catalog serve',
  summary: 'show the site on this machine',
  description: 'Serves the site on the loopback interface and rebuilds it whenever a file changes.',
  args,
  options: serveOptions,
  run: async ({ io, args: { detections }, flags }) => (await import('../catalog.ts')).serve(io, detections, flags),
})
