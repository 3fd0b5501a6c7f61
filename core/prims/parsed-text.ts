// Parsers of texts, chosen by the constants of the primitive `parsed.field`.
import { flatJson, type FlatOptions } from './flat-json.ts'
import { textConst } from './kit.ts'
import { pairsOf } from './pairs.ts'
import type { Consts } from './prim.ts'

export type Fields = ReadonlyMap<string, string>
const texts = (consts: Consts, name: string): string[] => {
  const value = consts[name]
  return Array.isArray(value) ? value.map(String) : []
}

/** The parser for these constants. It returns undefined for a text of another form. */
export function parsedText(consts: Consts): (text: string) => Fields | undefined {
  if (textConst(consts, 'how') === 'pairs') {
    const options = {
      separator: textConst(consts, 'separator', '='),
      excludeEmpty: consts['excludeEmpty'] === true,
      keepLast: consts['keepLast'] === true,
    }
    return (text) => pairsOf(text, options)
  }
  const handleNull = textConst(consts, 'handleNull', 'keep')
  const options: FlatOptions = {
    handleNull: handleNull === 'discard' || handleNull === 'empty' ? handleNull : 'keep',
    excludeEmpty: consts['excludeEmpty'] === true,
    include: texts(consts, 'include'),
    exclude: texts(consts, 'exclude'),
  }
  return (text) => flatJson(text, options)
}
