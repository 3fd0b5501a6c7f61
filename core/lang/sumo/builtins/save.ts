// Saving to a lookup table of the tenant: nothing is written here.
import { sumoNotWritten } from '../../../diag/catalogue/sumo-lower.ts'
import { tablePath } from '../2-parse/tokens.ts'
import { operator, param, search, users } from '../3-lower/builtin-kit.ts'

export const save = operator<string>({
  name: 'save',
  doc: 'Saves the rows to a lookup table. Here nothing is written; the rows are shown.',
  params: [param('table', 'text', 'Such as path://"/Library/…", or `append` and a table.')],
  examples: [
    search('count by user | save /shared/users | sort by user asc', users, [
      { user: 'al', _count: 2 },
      { user: 'bo', _count: 1 },
    ]),
  ],
  differs: 'nothing is written',
  parse: (c) => {
    c.eatWord('append')
    const path = tablePath(c, ['path', 'string', 'word'])
    c.skipStage()
    return path
  },
  lower: (f, path, { head }) => f.lowering.report(sumoNotWritten, head, { path }),
})
