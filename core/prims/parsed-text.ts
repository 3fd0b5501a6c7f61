// Parsers of texts, chosen by the constants of the primitive `parsed.field`.
import { flatJson, type FlatOptions } from './flat-json.ts'
import { textConst } from './kit.ts'
import { pairsOf } from './pairs.ts'
import type { Consts } from './prim.ts'
import { cefFields, leefFields } from './record-text.ts'
import { flatXml } from './xml-text.ts'

export type Fields = ReadonlyMap<string, string>
const texts = (consts: Consts, name: string): string[] => {
  const value = consts[name]
  return Array.isArray(value) ? value.map(String) : []
}

/** The texts of a JSON object, as REST holds them; none for another text. */
export function restEntries(text: string | null): [string, string][] {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? Object.entries(value).map(([k, v]) => [k, String(v)]) : []
  } catch {
    return []
  }
}

/** The parser for these constants. It returns undefined for a text of another form. */
export function parsedText(consts: Consts): (text: string) => Fields | undefined {
  const how = textConst(consts, 'how')
  if (how === 'pairs') {
    const options = {
      separator: textConst(consts, 'separator', '='),
      excludeEmpty: consts['excludeEmpty'] === true,
      keepLast: consts['keepLast'] === true,
    }
    return (text) => pairsOf(text, options)
  }
  if (how === 'xml') return flatXml
  if (how === 'cef' || how === 'leef') {
    const names = {
      header: textConst(consts, 'header'),
      ext: textConst(consts, 'ext'),
      label: textConst(consts, 'label'),
      keepLabels: consts['keepLabels'] === true,
    }
    const delimiter = textConst(consts, 'delimiter')
    return how === 'cef' ? (text) => cefFields(text, names) : (text) => leefFields(text, names, delimiter)
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
