// The records by name: the words that the parser looks for, and their meaning.
import type { Registry, SumoBuiltin } from './3-lower/builtin.ts'
import { all } from './builtins/_index.ts'

export const builtins: readonly SumoBuiltin[] = all

/** A part of the records by every name of theirs, in lower case. */
function byName<T>(part: (b: SumoBuiltin) => T | undefined): ReadonlyMap<string, T> {
  const found = new Map<string, T>()
  for (const b of builtins) {
    const value = part(b)
    if (value !== undefined) for (const name of [b.name, ...(b.aliases ?? [])]) found.set(name.toLowerCase(), value)
  }
  return found
}

const functions = byName((b) => (b.lower.fn ? b : undefined))
const aggregates = byName((b) => b.lower.aggregate)
const operators = byName((b) => b.lower.operator)

export const registry: Registry = {
  function: (name) => functions.get(name.toLowerCase()),
  functionNames: builtins.filter((b) => b.lower.fn).map((b) => b.name),
  aggregate: (name) => aggregates.get(name.toLowerCase()),
  operator: (name) => operators.get(name),
}

/** Operators of the vendor that are read to the end of the stage and not run, with the reason. */
const NOT_RUN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    benchmark: 'it compares with other customers of the vendor',
    details: 'it belongs to logreduce',
    geolookup: 'it is internal to the vendor',
    infer: 'its models are in the tenant',
    logcompare: 'its clustering is not published',
    logexplain: 'its clustering is not published',
    sample: 'it is internal to the vendor',
    summarize: 'its clustering is not published',
  }),
)

export const whyNotRun = (word: string): string | undefined => NOT_RUN.get(word)

/** Words that begin a stage, for "did you mean". */
export const stageWords: readonly string[] = [aggregates, operators, NOT_RUN].flatMap((m) =>
  [...m.keys()].filter((name) => !name.includes(' ')).sort(),
)
