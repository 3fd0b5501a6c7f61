// Local times of one offset in SQL. ClickHouse knows the years 1900 to 2299, and engines print far years in their own way. So a time is
// moved into those years by a multiple of 400 years, after which the calendar repeats, its weekdays too.
import type { Sql, SqlTag } from '../../sql-text/fragment.ts'
import { DAY } from '../calendar.ts'
import { whenSql } from '../kit.ts'
import { clickNamed } from '../sql-number.ts'
import { type Directive, formatTime, patternParts } from '../strftime.ts'
import { type Engine, engines, type Worded } from './engines.ts'

const CYCLE = 146_097n * DAY
/** µs of 1900-01-01 and of the first day of year 0. */
const FIRST = -2_208_988_800_000_000n
const YEAR_0 = -62_167_219_200_000_000n
/** A time that differs in each part from 1970-01-01 00:00. */
const LATER = 1_002_339_296_789_012n
const MONTHS = 'January February March April May June July August September October November December'.split(' ')

/** Functions for parts of a time. */
const PARTS: Readonly<Record<Worded, ReadonlyMap<string, string>>> = {
  duckdb: new Map([
    ['month', 'month'],
    ['day', 'day'],
    ['hour', 'hour'],
    ['minute', 'minute'],
    ['second', 'second'],
    ['weekday', 'isodow'],
    ['yearday', 'dayofyear'],
    ['week', 'week'],
  ]),
  clickhouse: new Map([
    ['month', 'toMonth'],
    ['day', 'toDayOfMonth'],
    ['hour', 'toHour'],
    ['minute', 'toMinute'],
    ['second', 'toSecond'],
    ['weekday', 'toDayOfWeek'],
    ['yearday', 'toDayOfYear'],
    ['week', 'toISOWeek'],
  ]),
}

/** Directives whose text the engine's own function writes, whatever its settings are. */
const OWN: Readonly<Record<Worded, ReadonlyMap<string, string>>> = {
  duckdb: new Map([...'ymdjHIMSpaAb'].map((d) => [d, `%${d}`])),
  clickhouse: new Map([...[...'ymdjHISpab'].map((d) => [d, `%${d}`] as const), ['M', '%i'], ['A', '%W']]),
}
/** Directives that are numbers: the part, and its width and fill. */
const NUMBERS: ReadonlyMap<string, readonly [part: string, width: number, fill: string]> = new Map([
  ['m', ['month', 2, '0']],
  ['d', ['day', 2, '0']],
  ['e', ['day', 2, ' ']],
  ['j', ['yearday', 3, '0']],
  ['H', ['hour', 2, '0']],
  ['k', ['hour', 2, ' ']],
  ['I', ['hour12', 2, '0']],
  ['l', ['hour12', 2, ' ']],
  ['M', ['minute', 2, '0']],
  ['S', ['second', 2, '0']],
  ['L', ['millisecond', 3, '0']],
  ['f', ['microsecond', 6, '0']],
])

/** Characters of a text. */
const LONG = 400

/** Of parts of the time that a text has several times. */
interface Names {
  /** Local µs since FIRST. */
  readonly since: Sql
  readonly stamp: Sql
}

const isSame = (pattern: string, zone: string): boolean =>
  formatTime(0n, pattern, zone) === formatTime(LATER, pattern, zone)

export class LocalTime {
  readonly #sql: SqlTag
  readonly #engine: Engine
  readonly #dialect: Worded
  readonly #time: Sql
  readonly #offset: bigint
  readonly #names: Names | undefined

  constructor(sql: SqlTag, dialect: Worded, time: Sql, offset: bigint, names?: Names) {
    this.#sql = sql
    this.#engine = engines[dialect]
    this.#dialect = dialect
    this.#time = time
    this.#offset = offset
    this.#names = names
  }

  /** Undefined: no such part. */
  part(name: string): Sql | undefined {
    const { int } = this.#engine
    const sql = this.#sql
    const micro = this.#mod(this.#whole(), 1_000_000n)
    if (name === 'year') return int(sql, this.#year())
    if (name === 'microsecond') return micro
    if (name === 'millisecond') return this.#over(micro, 1000n)
    const found = PARTS[this.#dialect].get(name)
    return found === undefined ? undefined : int(sql, sql`${sql.raw(found)}(${this.#stamp()})`)
  }

  /** The text of `formatTime` for a zone of this offset. Undefined: a directive has no form. */
  format(pattern: string, zone: string): Sql | undefined {
    const text = this.#format(pattern, zone)
    if (!text || this.#dialect !== 'clickhouse' || this.#names || text.text.length < LONG) return text
    // Its analysis would take longer than the computation.
    const sql = this.#sql
    const names = { since: sql.raw('ls'), stamp: sql.raw('lt') }
    const named = new LocalTime(sql, 'clickhouse', this.#time, this.#offset, names).#format(pattern, zone) as Sql
    return clickNamed(
      sql,
      this.#sinceFirst(),
      (since) => clickNamed(sql, this.#stampOf(since), () => named, 'lt'),
      'ls',
    )
  }

  #format(pattern: string, zone: string): Sql | undefined {
    const sql = this.#sql
    const parts: Sql[] = []
    let run = ''
    const end = (): void => {
      if (run !== '') parts.push(this.#run(run))
      run = ''
    }
    for (const part of patternParts(pattern)) {
      const own = 'text' in part ? part.text.replaceAll('%', '%%') : this.#ownDirective(part)
      if (own !== undefined) run += own
      else if (!('text' in part)) {
        end()
        const made = this.#directive(part, zone)
        if (!made) return undefined
        parts.push(made)
      }
    }
    end()
    const text = this.#engine.concat(sql, parts)
    // A text without any part of the time would be there for an absent time too.
    return isSame(pattern, zone) ? whenSql(sql, sql`${this.#time} is not null`, text) : text
  }

  /** Text and directives of the engine. */
  #run(run: string): Sql {
    const sql = this.#sql
    const isText = !run.replaceAll('%%', '').includes('%')
    return isText ? sql.str(run.replaceAll('%%', '%')) : this.#engine.format(sql, this.#stamp(), run)
  }

  #ownDirective({ directive, flag }: Directive): string | undefined {
    return flag === '' ? OWN[this.#dialect].get(directive) : undefined
  }

  #directive({ all, directive, flag }: Directive, zone: string): Sql | undefined {
    const sql = this.#sql
    const { text, pad, concat, element } = this.#engine
    const number = NUMBERS.get(directive)
    if (number && (flag === '-' || flag === '')) {
      const [name, width, fill] = number
      const value = name === 'hour12' ? sql`((${this.part('hour') as Sql} + 11) % 12 + 1)` : (this.part(name) as Sql)
      return flag === '-' ? text(sql, value) : pad(sql, text(sql, value), width, fill)
    }
    const seconds = (by: bigint): Sql => text(sql, this.#over(this.#whole(), by))
    switch (`${flag}${directive}`) {
      case 'Y':
        return this.#yearText()
      case 'B':
        return element(sql, MONTHS.map(sql.str), this.part('month') as Sql)
      case 'N':
        return concat(sql, [this.#directive({ all, directive: 'f', flag }, zone) as Sql, sql.str('000')])
      case 's':
        return seconds(1_000_000n)
      case 'Q':
        return seconds(1000n)
      default: {
        // The offset is always the same, so its texts are, and words that are no directives.
        return isSame(all, zone) ? sql.str(formatTime(0n, all, zone) ?? '') : undefined
      }
    }
  }

  #year(): Sql {
    const sql = this.#sql
    const year = sql.raw(this.#dialect === 'duckdb' ? 'year' : 'toYear')
    return sql`(${year}(${this.#stamp()}) + 400 * ${this.#over(this.#sinceFirst(), CYCLE)})`
  }

  #yearText(): Sql {
    const sql = this.#sql
    const { printf, concat } = this.#engine
    const text = (year: Sql, isBefore: Sql): Sql => {
      const before = concat(sql, [sql.str('-'), printf(sql, '%04d', sql`-${year}`)])
      return sql`case when ${isBefore} then ${before} else ${printf(sql, '%04d', year)} end`
    }
    if (this.#names) return clickNamed(sql, this.#year(), (year) => text(year, sql`${year} < 0`), 'ly')
    return text(this.#year(), sql`${this.#local()} < ${sql.num(YEAR_0)}`)
  }

  #whole(): Sql {
    if (this.#names) return this.#sql`(${this.#names.since} + ${this.#sql.num(FIRST - this.#offset)})`
    return this.#engine.int(this.#sql, this.#time)
  }
  /** Local µs in 128 bits. */
  #local(): Sql {
    if (this.#names) return this.#sql`(${this.#names.since} + ${this.#sql.num(FIRST)})`
    return this.#offset === 0n ? this.#whole() : this.#sql`(${this.#whole()} + ${this.#sql.num(this.#offset)})`
  }
  #sinceFirst(): Sql {
    if (this.#names) return this.#names.since
    return this.#sql`(${this.#local()} + ${this.#sql.num(-FIRST)})`
  }
  #mod(x: Sql, by: bigint): Sql {
    return this.#engine.mod(this.#sql, x, this.#sql.num(by))
  }
  /** Rounded down: the division of both engines rounds towards zero. */
  #over(x: Sql, by: bigint): Sql {
    return this.#engine.div(this.#sql, this.#sql`(${x} - ${this.#mod(x, by)})`, this.#sql.num(by))
  }
  #stamp(): Sql {
    return this.#names?.stamp ?? this.#stampOf(this.#sinceFirst())
  }
  #stampOf(since: Sql): Sql {
    return this.#engine.stamp(this.#sql, this.#sql`${this.#mod(since, CYCLE)} - ${this.#sql.num(-FIRST)}`)
  }
}
