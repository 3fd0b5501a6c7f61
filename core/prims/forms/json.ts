// Values of JSON texts in ClickHouse. Its own functions rewrite numbers and spaces, take the first of repeated keys, and refuse numbers that
// no double holds. So a text is checked by its skeleton, in which each scalar is one of two, and taken apart by tokens.
// DuckDB cannot sum the depths of tokens in one pass, so its rows go to the evaluator.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'

const STRING = '"(?:[^"\\\\\\x00-\\x1f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
const WORD = '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null'
/** Each with the white space before it, so that all of them are the text but for white space at its end. */
const TOKEN = '(?s)[ \\t\\n\\r]*(?:"(?:[^"\\\\]|\\\\.)*"|[{}\\[\\],:]|[^"{}\\[\\],: \\t\\n\\r]+)'
/** Escapes of surrogates: the engine refuses half of a pair. */
const HALVES = '\\\\u[dD][89abAB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\[^u]|\\\\u[0-9a-fA-F]{4}|[^\\\\]+'
const LONE = '^\\\\u[dD][89a-fA-F]'

/** A name for a value inside of an expression. */
const named = (sql: SqlTag, value: Sql, name: string, body: (x: Sql) => Sql): Sql =>
  sql`arrayElement(arrayMap(${sql.raw(name)} -> ${body(sql.raw(name))}, [${value}]), 1)`

/** A number is replaced with spaces around it, so that `01` or `1.` stay no numbers. */
export function isJson(sql: SqlTag, text: Sql): Sql {
  const strings = sql`replaceRegexpAll(${text}, ${sql.str(STRING)}, '""')`
  return sql`isValidJSON(replaceRegexpAll(${strings}, ${sql.str(WORD)}, ' 0 '))`
}

const bare = (sql: SqlTag, x: Sql): Sql => sql`replaceRegexpOne(${x}, ${sql.str('^[ \\t\\n\\r]+')}, '')`

/** The text of a string as it is written. */
export function stringText(sql: SqlTag, raw: Sql): Sql {
  const whole = sql`arrayStringConcat(arrayMap(jh -> if(match(jh, ${sql.str(LONE)}) and length(jh) = 6, '\ufffd', jh), extractAll(${raw}, ${sql.str(HALVES)})))`
  return sql`JSONExtractString(if(position(lower(${raw}), ${sql.str('\\ud')}) > 0, ${whole}, ${raw}))`
}

type Path = readonly (string | number)[]

/** The tokens of the value at the path; none if there is no such value. `text` must be JSON. */
function tokensAt(sql: SqlTag, text: Sql, path: Path): Sql {
  return path.reduce<Sql>((tokens, want) => step(sql, tokens, want), sql`extractAll(${text}, ${sql.str(TOKEN)})`)
}

function step(sql: SqlTag, tokens: Sql, want: number | string): Sql {
  return named(sql, tokens, 'jr', (raw) =>
    named(sql, sql`arrayMap(jt -> ${bare(sql, sql.raw('jt'))}, ${raw})`, 'js', (all) => {
      const depths = sql`arrayCumSum(jt -> multiIf(jt in ('{', '['), 1, jt in ('}', ']'), -1, 0), ${all})`
      return named(sql, depths, 'jd', (depth) => {
        const places = sql`arrayEnumerate(${all})`
        return named(sql, begin(sql, all, depth, want), 'ji', (from) => {
          const isEnd = sql`jn >= ${from} and (jx = 0 or jx = 1 and jt = ',')`
          const end = sql`arrayFirstIndex((jt, jx, jn) -> ${isEnd}, ${all}, ${depth}, ${places})`
          return sql`if(${from} = 0, cast([] as Array(String)), arraySlice(${raw}, ${from}, toInt64(${end}) - ${from}))`
        })
      })
    }),
  )
}

/** The place of the first token of the value; 0: there is none. */
function begin(sql: SqlTag, all: Sql, depth: Sql, want: number | string): Sql {
  const places = sql`arrayEnumerate(${all})`
  if (typeof want === 'string') {
    const plain = sql.str(JSON.stringify(want))
    const isKey = sql`jt = ${plain} or startsWith(jt, '"') and position(jt, ${sql.str('\\')}) > 0 and ${stringText(sql, sql.raw('jt'))} = ${sql.str(want)}`
    const holds = sql`jx = 1 and arrayElement(${all}, jn + 1) = ':' and (${isKey})`
    const last = sql`toInt64(arrayLastIndex((jt, jx, jn) -> ${holds}, ${all}, ${depth}, ${places}))`
    return sql`if(${last} = 0, 0, ${last} + 2)`
  }
  const isStart = sql`jn = 1 or jx = 1 and jt = ','`
  const starts = sql`if(arrayElement(${all}, 1) = '[', arrayFilter((jn, jt, jx) -> ${isStart}, ${places}, ${all}, ${depth}), [])`
  const needed = sql.num(want < 0 ? -want : want + 1)
  return named(sql, starts, 'jb', (list) => {
    const place = sql`arrayElement(${list}, ${sql.num(want < 0 ? want : want + 1)})`
    return sql`if(length(${list}) >= ${needed}, toInt64(${place}) + 1, 0)`
  })
}

/** As the evaluator's jsonGet. */
export function jsonAt(sql: SqlTag, text: Sql, path: Path): Sql {
  const given = sql`ifNull(${text}, '')`
  const value = named(sql, bare(sql, sql`arrayStringConcat(${tokensAt(sql, given, path)})`), 'jv', (raw) => {
    const string = stringText(sql, raw)
    return sql`multiIf(${raw} in ('', 'null'), null, startsWith(${raw}, '"'), ${string}, ${raw})`
  })
  return sql`if(${isJson(sql, given)}, ${value}, null)`
}

/** How many elements an array has, or different keys an object. */
export function jsonSize(sql: SqlTag, text: Sql): Sql {
  const given = sql`ifNull(${text}, '')`
  const bares = sql`arrayMap(jt -> ${bare(sql, sql.raw('jt'))}, extractAll(${given}, ${sql.str(TOKEN)}))`
  const size = named(sql, bares, 'js', (all) => {
    const depths = sql`arrayCumSum(jt -> multiIf(jt in ('{', '['), 1, jt in ('}', ']'), -1, 0), ${all})`
    return named(sql, depths, 'jd', (depth) => {
      const places = sql`arrayEnumerate(${all})`
      const isKey = sql`jx = 1 and arrayElement(${all}, jn + 1) = ':'`
      const keys = sql`arrayFilter((jt, jx, jn) -> ${isKey}, ${all}, ${depth}, ${places})`
      const different = sql`toInt128(arrayUniq(arrayMap(jt -> ${stringText(sql, sql.raw('jt'))}, ${keys})))`
      const commas = sql`toInt128(arrayCount((jt, jx) -> jx = 1 and jt = ',', ${all}, ${depth}))`
      const elements = sql`if(length(${all}) = 2, toInt128(0), ${commas} + 1)`
      const first = sql`arrayElement(${all}, 1)`
      return sql`multiIf(${first} = '{', ${different}, ${first} = '[', ${elements}, null)`
    })
  })
  return sql`if(${isJson(sql, given)}, ${size}, null)`
}
