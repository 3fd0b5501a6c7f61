import { command } from '../command.ts'
import { type FlagsOf, list, text } from '../option.ts'
import { textOrJson } from '../shared-options.ts'

const options = {
  platform: list('platform', 'logscale, sumo, sigma (default: all)'),
  name: text('title', 'title of the detection (default: name of the technique)'),
  ...textOrJson,
} as const
export type NewFlags = FlagsOf<typeof options>

export const create = command({
  name: 'new',
  summary: 'make a folder for a new detection, with tests that pass',
  description:
    'Makes the folder of a detection for an ATT&CK technique: queries, cases that pass, and pages, with a TODO: for each text that only you know.',
  args: {
    technique: { about: 'id of a technique: T1048.003' },
    folder: { about: 'a new folder below this one (default: detections/TECHNIQUE-name)', optional: true },
  },
  options,
  run: async ({ io, args, flags }) => (await import('../new.ts')).create(io, args.technique, args.folder, flags),
})
