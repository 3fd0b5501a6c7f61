// The records of `commands/` as a command line.
import { Command, CommanderError, Option } from 'commander'
import type { Config } from '../core/config/config.ts'
import { type CommandRecord, GROUPS } from './command.ts'
import { all } from './commands/_index.ts'
import type { Io } from './io.ts'
import { type Argument, type OptionRecord, optionName, optionsOf } from './option.ts'
import { print } from './print.ts'
import { version } from './version.ts'

const isCommand = (x: object): x is CommandRecord => 'run' in x && 'options' in x
export const commands: readonly CommandRecord[] = (all as readonly object[]).filter(isCommand)

/** Runs one command line. Returns the exit status: 0 success, 1 a finding or warning to fail on, 2 a wrong command line or input. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let status = 0
  const assay = new Command('assay')
    .description('Lint, run, test and explain SIEM detections without the SIEM.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => print(io.stdout, text), writeErr: (text) => print(io.stderr, text) })
    .showHelpAfterError('(assay help COMMAND shows what a command takes)')
  const groups = new Map<string, Command>()
  // The others are for help and for words that are none.
  const asked = commands.filter((c) => c.name.split(' ')[0] === argv[0])
  for (const record of asked.length > 0 ? asked : commands) {
    const words = record.name.split(' ')
    const [group] = words
    if (words.length > 1 && group !== undefined && !groups.has(group))
      groups.set(group, assay.command(group).summary(GROUPS[group] ?? ''))
    const parent = words.length > 1 ? (groups.get(group ?? '') as Command) : assay
    addCommand(parent, words.at(-1) as string, record, async (args, flags, isGiven) => {
      const config = await settings(record, io)
      const withSettings = config && mergeSettings(record, flags, config, isGiven)
      status = withSettings ? await record.run({ io, args: args as never, flags: withSettings as never }) : 2
    })
  }
  try {
    await assay.parseAsync(argv.map(spelled), { from: 'user' })
  } catch (e) {
    if (e instanceof CommanderError) return e.exitCode === 0 ? 0 : 2
    throw e
  }
  return status
}

/** Other spellings of options: commander has no switch that also takes a value. */
const spellings: ReadonlyMap<string, string> = new Map(
  commands.flatMap((c) =>
    Object.entries(c.options).flatMap(([flagName, o]) =>
      o.kind === 'switch' && o.also ? [[o.also, `--${optionName(flagName)}`] as const] : [],
    ),
  ),
)
const spelled = (argument: string): string => spellings.get(argument) ?? argument

type Named = Readonly<Record<string, unknown>>
type Act = (args: Named, flags: Named, isGiven: (flagName: string) => boolean) => Promise<void>

function addCommand(parent: Command, name: string, record: CommandRecord, act: Act): void {
  const c = parent.command(name).summary(record.summary).description(record.description)
  c.showHelpAfterError(`(assay help ${record.name} shows what this command takes)`)
  const args = Object.entries(record.args)
  for (const [argument, a] of args)
    c.argument(argumentText(argument, a), a.about, ...(a.default ? [[...a.default]] : []))
  for (const [flagName, o] of optionsOf(record.options)) c.addOption(asOption(flagName, o))
  c.action(async (...given: unknown[]) => {
    const values = args.map(([argument], i) => [argument, given[i]] as const)
    const isGiven = (flagName: string): boolean => c.getOptionValueSource(flagName) === 'cli'
    const lists = Object.keys(record.options).filter((flagName) => record.options[flagName]?.kind === 'list')
    const empty = Object.fromEntries(lists.map((flagName) => [flagName, []]))
    await act(Object.fromEntries(values), { ...empty, ...c.opts() }, isGiven)
  })
}

export const argumentText = (name: string, { rest, optional }: Argument): string => {
  const inner = rest ? `${name}...` : name
  return optional ? `[${inner}]` : `<${inner}>`
}

/** `-q, --quiet`, `--tz <zone>`, `--no-mutation`. */
export function optionText(flagName: string, o: OptionRecord): string {
  const long = `--${o.kind === 'switch' && o.negated ? 'no-' : ''}${optionName(flagName)}`
  return `${o.short ? `-${o.short}, ` : ''}${long}${o.kind === 'switch' ? '' : ` <${o.value}>`}`
}

export const optionAbout = (o: OptionRecord): string => (o.kind === 'list' ? `${o.about} (repeatable)` : o.about)

function asOption(flagName: string, o: OptionRecord): Option {
  const option = new Option(optionText(flagName, o), optionAbout(o))
  if (o.kind === 'list') option.argParser((value: string, before: readonly string[] = []) => [...before, value])
  if (o.kind !== 'value') return option
  if (o.choices) option.choices(o.choices)
  if (o.default !== undefined) option.default(o.default)
  return option.makeOptionMandatory(o.required ?? false)
}

/** Settings of assay.yml, read only for a command that uses settings. Undefined: they have errors. */
async function settings(record: CommandRecord, io: Io): Promise<Config | undefined> {
  if (Object.values(record.options).every((o) => !o.setting)) return {}
  const { findConfig } = await import('../engine/project/find-config.ts')
  if (findConfig('.') === undefined) return {}
  const { loadConfig } = await import('../engine/project/project-config.ts')
  const { config, diagnostics } = loadConfig()
  if (diagnostics.length === 0) return config
  const { say } = await import('./say.ts')
  say(io, diagnostics)
  return undefined
}

/** An option of the command line comes before a setting. */
function mergeSettings(
  { options }: CommandRecord,
  flags: Named,
  config: Config,
  isGiven: (flagName: string) => boolean,
): Named {
  const merged: Record<string, unknown> = { ...flags }
  for (const [flagName, { setting, kind }] of Object.entries(options)) {
    const set = setting?.(config)
    if (set === undefined) continue
    if (kind === 'list') merged[flagName] = [...(flags[flagName] as readonly string[]), ...(set as readonly string[])]
    else if (!isGiven(flagName)) merged[flagName] = set
  }
  return merged
}
