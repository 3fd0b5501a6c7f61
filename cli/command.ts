// A command as a record, found in `commands/`.
import type { Io } from './io.ts'
import type { Arguments, ArgumentsOf, FlagsOf, Options } from './option.ts'

export interface Call<A extends Arguments, O extends Options> {
  readonly io: Io
  readonly args: ArgumentsOf<A>
  readonly flags: FlagsOf<O>
}

export interface CommandRecord<A extends Arguments = Arguments, O extends Options = Options> {
  /** Words of the command line: `run`, `catalog build`. */
  readonly name: string
  /** One line of `assay --help`. */
  readonly summary: string
  readonly description: string
  readonly args: A
  readonly options: O
  /** Returns the exit status. It imports its work when it is called, so that `--help` is quick. */
  run(call: Call<A, O>): Promise<number>
}

export const command = <const A extends Arguments, const O extends Options>(
  c: CommandRecord<A, O>,
): CommandRecord<A, O> => c

/** First words that several commands share. */
export const GROUPS: Readonly<Record<string, string>> = { catalog: 'publish detections as a static site' }
