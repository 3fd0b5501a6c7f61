import { command } from '../command.ts'
import { type FlagsOf, flag, text, withDefault } from '../option.ts'
import { query, textOrJson } from '../shared-options.ts'

const options = {
  to: withDefault('language', '', 'language of the translation'),
  fields: text('vocabulary', 'field names of the target, where it has several: falcon or cps'),
  strict: flag('refuse a translation that means something else in any point'),
  ...query,
  ...textOrJson,
} as const
export type TranslateFlags = FlagsOf<typeof options>

export const translate = command({
  name: 'translate',
  summary: 'write a query in another language, and show that both find the same',
  description:
    'Writes a query, or every rule of files and folders, in another language. Each point in which the meaning changes is a warning with its place. A translation that Assay runs is compared with the query over generated events. Exit status 1: refused, or different.',
  args: {
    queries: { about: 'query files, folders of rules, or text with --lang', rest: true },
  },
  options,
  run: async ({ io, args, flags }) => (await import('../translate.ts')).translate(io, args.queries, flags),
})
