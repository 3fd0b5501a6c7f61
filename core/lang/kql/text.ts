// Literals and names of KQL.
// https://learn.microsoft.com/kusto/query/scalar-data-types/string: `"…"` with backslash escapes, `@"…"` in which a backslash is itself and a
// quote is doubled.

import { byName } from '../../text/by-name.ts'

export function textLiteral(text: string): string {
  if (text.includes('\\') && !/[\x00-\x1f\x7f\u2028\u2029]/.test(text)) return `@"${text.replaceAll('"', '""')}"`
  return `"${text.replace(/[\\"\x00-\x1f\x7f\u2028\u2029]/g, escaped)}"`
}

const LETTERS: Readonly<Record<string, string>> = byName({ '\n': 'n', '\r': 'r', '\t': 't', '"': '"', '\\': '\\' })
const escaped = (c: string): string =>
  c in LETTERS ? `\\${LETTERS[c]}` : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * https://learn.microsoft.com/kusto/query/schema-entities/entity-names: other names go in brackets and quotes. `'my field'` alone is a text.
 * A name with dots is a path into a column of JSON, whose values are compared as texts.
 */
export function nameText(name: string): string {
  const [column = '', ...path] = name.split('.')
  if (path.length === 0 || !/^[A-Z]/.test(column)) return part(name)
  const keys = path.map((p) => (/^[A-Za-z_]\w*$/.test(p) ? `.${p}` : `[${textLiteral(p)}]`)).join('')
  return `tostring(${JSON_TEXT.has(column) ? `parse_json(${column})` : part(column)}${keys})`
}
/** Columns of the type string that hold JSON. */
const JSON_TEXT = new Set(['AdditionalEventData', 'AdditionalFields', 'RequestParameters', 'ResponseElements'])

/** A column of the text's own, in which a dot is no path. */
export const columnText = (name: string): string => part(alias(name))
export const alias = (name: string): string => name.replaceAll('.', '_')

const part = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !WORDS.has(name) ? name : `[${quoted(name)}]`
const quoted = (name: string): string => `'${name.replace(/[\\'\x00-\x1f]/g, (c) => (c === "'" ? "\\'" : escaped(c)))}'`

/** Words that the parser of `@kusto/language-service-next` takes for grammar where a column could be; in small letters only. */
const WORDS = new Set(
  (
    '__contextual_datatable __id access accumulate alias and anomalychart areachart as asc bagexpansion barchart between boolean ' +
    'by byte cachingpolicy callout cancel card char columnchart consume contains contains_cs containscs count cycles dataexport ' +
    'datascope datatable date datetime decimal declare decodeblocks default desc distinct double dynamic earliest encodingpolicy ' +
    'endswith endswith_cs evaluate expandoutput extend extent_tags_retention external_data externaldata facet false find first ' +
    'flags float force_remote fork harddelete hardretention has has_all has_any has_cs hasprefix hasprefix_cs hassuffix ' +
    'hassuffix_cs hotcache in int int16 int32 int64 int8 invoke isfuzzy join journal kind ladderchart last latest let like likecs ' +
    'limit linechart long materialize mdm missing nooptimization not notcontains notcontainscs notlike notlikecs null of on or ' +
    'order others parse pathformat pattern piechart pivotchart print project queries query_results range real relaxed render ' +
    'restrict restricted_view_access row_level_security rowstore rowstore_references rowstore_sealinfo rowstorepolicy rowstores ' +
    'sample scan scatterchart seal seals search serialize set shards simple softdelete softretention sort sql stackedareachart ' +
    'startswith startswith_cs statistics storedqueryresultcontainers string summarize tablepurge take time timechart timeline ' +
    'timepivot timespan title to top toscalar totable treemap true typeof uint uint16 uint32 uint64 uint8 ulong union uniqueid ' +
    'unrestrictedviewers verbose viewers views where with_itemindex with_match_id with_source with_step_name withsource ' +
    'writeaheadlog'
  ).split(' '),
)

/** A comment takes the rest of its line. */
export const comment = (text: string): string => `// ${text.replace(/\s+/g, ' ').trim()}\n`
