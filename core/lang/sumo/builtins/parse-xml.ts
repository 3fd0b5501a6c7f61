// Fields out of XML by their paths.
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import { call, TRUE } from '../../../plan/build.ts'
import { xmlPath } from '../../../prims/xml-path.ts'
import { type ExtractOptions, type Path, paths } from '../2-parse/parse-extract.ts'
import { FIELD, NODROP, operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import { extract, type Extracted, inputOf } from '../3-lower/extract.ts'
import type { Flow } from '../3-lower/flow.ts'

interface Xml extends ExtractOptions {
  readonly paths: readonly Path[]
}

function xml(f: Flow, s: Xml): Extracted {
  const input = inputOf(f, s.field)
  const columns = s.paths.map((p) => {
    if (!xmlPath(p.path))
      f.lowering.report(sumoNotRun, p.span, {
        name: `the path ${p.path}`,
        reason: 'it supports only absolute paths without a step back, such as /a/b[2]/@id or /a/b/text()',
      })
    return { name: p.as?.name ?? p.path, expr: call('xml.get', 'str', [input], { path: p.path }) }
  })
  // The page says null where a path matches nothing; the row stays.
  return { columns, matched: TRUE, nodrop: s.nodrop, each: true }
}

export const parseXml = operator<Xml>({
  name: 'parse xml',
  kind: 'parse',
  category: 'parsing',
  doc: 'Reads elements and attributes of XML by their paths.',
  params: [param('paths', 'texts', 'Such as "/a/b[2]/@id" or "/a/b/text()".'), FIELD, NODROP],
  examples: [
    search(
      'parse xml "/users/user[2]/name", "/users/user[@id=1]/name/text()" as x, y | fields x, y',
      raw('<users><user id="1"><name>Sally</name></user><user id="2"><name>Bob</name></user></users>', 'none'),
      [{}, { x: 'Bob', y: 'Sally' }],
    ),
  ],
  notes: ['The first match counts. Names are compared as written, without namespaces.'],
  parse: (c) => {
    const into: ExtractOptions = { field: undefined, nodrop: false }
    const list = paths(c, into, () => false)
    return list && { ...into, paths: list }
  },
  lower: (f, node) => extract(f, xml(f, node)),
})
