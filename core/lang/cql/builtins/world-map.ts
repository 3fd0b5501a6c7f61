import type { Expr as AstExpr } from '../3-parse/ast.ts'
import { COUNTRY, networkOf } from '../4-lower/functions/networks.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, param, page } from '../4-lower/params.ts'
import { lit, call } from '../../../plan/build.ts'
import { orElse } from '../4-lower/values.ts'
import { toStr, toNum } from '../../shared/convert.ts'

export const worldMap = builtin({
  name: 'worldMap',
  category: 'aggregate',
  kind: 'aggregate',
  doc: 'A magnitude per cell of the map.',
  notes: [`With \`ip\` it needs the lookup file \`${COUNTRY}\` that ipLocation() describes.`],
  params: [
    first('ip', 'field', 'An address.'),
    param('lat', 'field', 'Latitude in degrees.'),
    param('lon', 'field', 'Longitude in degrees.'),
    param('magnitude', 'aggregates', 'What is shown.', { default: 'count(as=_count)' }),
    param('precision', 'number', 'Letters of the geohash.', { default: '4' }),
  ],
  fidelity: {
    differs: 'The cell is named by its geohash in a column `geohash`; the widget’s own columns are not documented.',
  },
  evidence: page('worldMap'),
  examples: [
    {
      title: 'Two events in one cell',
      given: [
        { a: '47.1', b: '8.1', u: 'x' },
        { a: '47.1', b: '8.1', u: 'y' },
      ],
      query: 'worldMap(lat=a, lon=b, magnitude=count(u, as=n), precision=3)',
      gives: [{ geohash: 'u0m', n: 2 }],
      from: { assumed: 'the name of the column' },
    },
  ],
  lower: {
    kind: 'step',
    whole: true,
    step: (c) => {
      const { flow, args } = c
      const row = args.has('ip') ? networkOf(flow, flow.read(args.field('ip')), COUNTRY, ['lat', 'lon'], c) : undefined
      const place = ['lat', 'lon'].map((n) => {
        const own = args.has(n) ? toStr(flow.read(args.field(n))) : lit(null, 'str')
        return toNum(row ? orElse(own, row.value(n)) : own)
      })
      const cell = call('geo.hash', 'str', place, { precision: args.number('precision', 4) })
      const { call: self } = args
      const count: AstExpr = {
        kind: 'call',
        call: { name: 'count', nameSpan: self.nameSpan, args: [], span: self.span },
        span: self.span,
      }
      const items = args.has('magnitude') ? args.items('magnitude') : [count]
      flow.parts.group(flow, [{ name: 'geohash', expr: cell }], items, { limit: null })
    },
  },
})
