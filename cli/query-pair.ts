// The two queries of a command that compares them.
import { readQueryArgument } from '../engine/project/query-argument.ts'
import type { QueryText } from '../engine/project/query-files.ts'
import type { Io } from './io.ts'
import { say } from './say.ts'

interface PairFlags {
  readonly lang?: string | undefined
  readonly langB?: string | undefined
}

/** Undefined: one cannot be read, and the command has said why. */
export function readQueryPair(
  io: Io,
  a: string,
  b: string,
  flags: PairFlags,
): readonly [QueryText, QueryText] | undefined {
  const first = readQueryArgument(a, flags)
  const second = readQueryArgument(b, { lang: flags.langB ?? flags.lang })
  if (first.ok && second.ok) return [first.value, second.value]
  say(
    io,
    [first, second].flatMap((r) => (r.ok ? [] : r.diagnostics)),
  )
  return undefined
}
