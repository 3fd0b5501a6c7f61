// Options of transactionize that end a transaction early.
import type { Token } from '../1-lex/lex.ts'
import type { Cursor } from './cursor.ts'
import { duration, isString, nextString, wholeNumber } from './tokens.ts'

export interface Edge {
  readonly text: string
  readonly strict: boolean
}
/** Times in milliseconds. */
export interface RunLimits {
  readonly maxSpan?: number
  readonly maxPause?: number
  readonly maxLogs?: number
  readonly startsWith?: Edge
  readonly endsWith?: Edge
}

/** The value of an option behind its `=`; undefined, with a diagnostic, if there is none. */
export function runLimit(c: Cursor, option: Token): RunLimits | undefined {
  switch (option.text.toLowerCase()) {
    case 'maxspan':
    case 'maxpause': {
      const ms = duration(c)
      return ms === undefined ? undefined : option.text.toLowerCase() === 'maxspan' ? { maxSpan: ms } : { maxPause: ms }
    }
    case 'maxlogs': {
      const count = wholeNumber(c)
      return count === undefined ? undefined : { maxLogs: count }
    }
    case 'startswith':
    case 'endswith': {
      if (!isString(c)) break
      const edge = { text: nextString(c), strict: c.eat(';') && c.expectWord('strict') !== undefined }
      return option.text.toLowerCase() === 'startswith' ? { startsWith: edge } : { endsWith: edge }
    }
  }
  c.fail('`maxSpan`, `maxPause`, `maxLogs`, `startsWith="…"`, `endsWith="…"` or `keepOrphans`')
  return undefined
}
