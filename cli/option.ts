// Options and arguments of a command as records: commander, the types of flags, help and docs/reference/commands.md come from them.
import type { Config } from '../core/config/config.ts'

interface Common {
  readonly about: string
  /** One letter. */
  readonly short?: string
  /** The setting of assay.yml that is used without the option. A list is added to the option's. */
  readonly setting?: (config: Config) => string | readonly string[] | undefined
}

/** `--name`: true, or absent. */
interface Switch extends Common {
  readonly kind: 'switch'
  /** Another spelling of the whole argument. */
  readonly also?: string
  /** True: the option is `--no-name`, and the flag is true without it. */
  readonly negated?: boolean
}

/** `--name VALUE`. */
interface Value<C extends string = string, D extends C | undefined = C | undefined> extends Common {
  readonly kind: 'value'
  /** The placeholder in the help text. */
  readonly value: string
  readonly choices?: readonly C[]
  readonly default: D
  readonly required?: boolean
}

/** `--name VALUE`, repeatable. */
interface List extends Common {
  readonly kind: 'list'
  readonly value: string
}

/** No option of the command line: a setting of assay.yml that the command uses as it is. */
export interface Setting<T = unknown> {
  readonly kind: 'setting'
  readonly setting: (config: Config) => T
}

export type OptionRecord = List | Switch | Value
/** Flag in code → option. `sourceTz` is `--source-tz`. */
export type Options = Readonly<Record<string, OptionRecord | Setting>>

type Extra = Omit<Common, 'about'>
export const flag = (about: string, extra: Extra & Pick<Switch, 'also'> = {}): Switch => ({
  kind: 'switch',
  about,
  ...extra,
})
export const noFlag = (about: string): Switch & { readonly negated: true } => ({ kind: 'switch', about, negated: true })
export const list = (value: string, about: string, extra: Extra = {}): List => ({
  kind: 'list',
  value,
  about,
  ...extra,
})
export const text = (value: string, about: string, extra: Extra = {}): Value<string, undefined> => ({
  kind: 'value',
  value,
  about,
  default: undefined,
  ...extra,
})
export const needed = (value: string, about: string): Value<string, undefined> & { readonly required: true } => ({
  ...text(value, about),
  required: true,
})
export const withDefault = (
  value: string,
  standard: string,
  about: string,
  extra: Extra = {},
): Value<string, string> => ({
  kind: 'value',
  value,
  about,
  default: standard,
  ...extra,
})
export const oneOf = <const C extends string>(
  value: string,
  choices: readonly C[],
  standard: NoInfer<C>,
  about: string,
): Value<C, C> => ({ kind: 'value', value, choices, default: standard, about })
export const oneOfOrNone = <const C extends string>(
  value: string,
  choices: readonly C[],
  about: string,
): Value<C, undefined> => ({ kind: 'value', value, choices, default: undefined, about })

type FlagOf<O extends OptionRecord | Setting> =
  O extends Setting<infer T>
    ? T
    : O extends { kind: 'list' }
      ? readonly string[]
      : O extends { kind: 'switch' }
        ? boolean
        : O extends Value<infer C>
          ? C
          : never
type IsCertain<O extends OptionRecord | Setting> = O extends { kind: 'list' } | { negated: true } | { required: true }
  ? true
  : O extends { kind: 'value'; default: string }
    ? true
    : false
type Certain<O extends Options> = { [K in keyof O]: IsCertain<O[K]> extends true ? K : never }[keyof O]

/** The flags of a command. A flag without a record, or with another spelling, does not compile. */
export type FlagsOf<O extends Options> = { readonly [K in Certain<O>]: FlagOf<O[K]> } & {
  readonly [K in Exclude<keyof O, Certain<O>>]?: FlagOf<O[K]>
}

export interface Argument {
  readonly about: string
  /** Takes all remaining arguments. */
  readonly rest?: boolean
  readonly optional?: boolean
  /** For an optional `rest`. */
  readonly default?: readonly string[]
}
/** Name → argument, in order. Only the last may have `rest`. */
export type Arguments = Readonly<Record<string, Argument>>
export type ArgumentsOf<A extends Arguments> = {
  readonly [K in keyof A]: A[K] extends { rest: true }
    ? readonly string[]
    : A[K] extends { optional: true }
      ? string | undefined
      : string
}

export const settingOnly = <T>(setting: (config: Config) => T): Setting<T> => ({ kind: 'setting', setting })

/** The options of the command line, without mere settings. */
export const optionsOf = (options: Options): (readonly [flagName: string, option: OptionRecord])[] =>
  Object.entries(options).flatMap(([name, o]) => (o.kind === 'setting' ? [] : [[name, o] as const]))

export const optionName = (flagName: string): string => flagName.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)
