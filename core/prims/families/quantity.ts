// Quantities as people write them: durations and units.
import { flagConst, noSql, numConst, textConst } from '../kit.ts'
import { type Prim, scalar } from '../prim.ts'
import { convertUnit, formatDuration } from '../units.ts'

const text1 = [['text', 'str']] as const

export const quantities: readonly Prim[] = [
  scalar({
    id: 'str.duration',
    doc: 'A whole number of a unit as days, hours, minutes and so on; absent if the text is no whole number.',
    params: text1,
    consts: { from: 'd h m s ms us ns.', precision: 'Steps of the scale that are shown; 0: all.' },
    returns: 'str',
    nulls: 'propagate',
    js: (c) => {
      const [from, precision] = [textConst(c, 'from', 'ms'), numConst(c, 'precision', 0)]
      return (text: string) => formatDuration(text, from, precision)
    },
    sql: noSql,
    laws: [
      { args: ['23452553'], consts: { from: 'ms', precision: 0 }, gives: '6h30m52s553ms' },
      { args: ['23452553'], consts: { from: 'ms', precision: 2 }, gives: '6h30m' },
      { args: ['-90'], consts: { from: 's', precision: 0 }, gives: '-1m30s' },
      { args: ['0'], consts: { from: 'ms', precision: 0 }, gives: '0ms' },
      { args: ['1.5'], consts: { from: 'ms', precision: 0 }, gives: null },
      { args: [null], consts: { from: 'ms', precision: 0 }, gives: null },
    ],
  }),
  scalar({
    id: 'str.convertUnit',
    doc: 'A quantity such as `5 MB` in another unit prefix; absent if it is none.',
    params: text1,
    consts: {
      from: 'Unit of a bare number.',
      to: 'Prefix, or prefix and unit; empty: the base unit.',
      binary: 'Prefixes are powers of 1024.',
      keepUnit: 'The unit stands behind the number.',
      unit: 'The unit that the text must have, if it is given.',
    },
    returns: 'str',
    nulls: 'propagate',
    js: (c) => {
      const conversion = {
        from: textConst(c, 'from'),
        to: textConst(c, 'to'),
        binary: flagConst(c, 'binary'),
        keepUnit: flagConst(c, 'keepUnit'),
        unit: textConst(c, 'unit'),
      }
      return (text: string) => convertUnit(text, conversion)
    },
    sql: noSql,
    laws: [
      { args: ['5 MB'], consts: { from: '', to: 'k', binary: false, keepUnit: false }, gives: '5000' },
      { args: ['2048'], consts: { from: 'M', to: 'G', binary: true, keepUnit: false }, gives: '2' },
      { args: ['1 KiB'], consts: { from: '', to: '', binary: false, keepUnit: true }, gives: '1024 B' },
      { args: ['1 MB/s'], consts: { from: '', to: 'k', binary: false, keepUnit: true }, gives: '1000 kB/s' },
      { args: ['514 ms'], consts: { from: '', to: '', binary: false, keepUnit: false }, gives: '0.514' },
      { args: ['4'], consts: { from: 'KiB', to: '', binary: false, keepUnit: false }, gives: '4096' },
      { args: ['2 kmi'], consts: { from: '', to: '', binary: false, keepUnit: true, unit: 'mi' }, gives: '2000 mi' },
      { args: ['2 s'], consts: { from: '', to: '', binary: false, keepUnit: true, unit: 'B' }, gives: null },
      { args: ['fast'], consts: { from: '', to: 'k', binary: false, keepUnit: false }, gives: null },
      { args: [null], consts: { from: '', to: 'k', binary: false, keepUnit: false }, gives: null },
    ],
  }),
]
