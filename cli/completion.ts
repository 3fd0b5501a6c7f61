// assay completion: scripts for shells and the manual page, from the records of the commands.
import { noShell } from '../core/diag/catalogue/cli.ts'
import { diagnostic, noPlace } from '../core/diag/diagnostic.ts'
import { type CommandRecord, GROUPS } from './command.ts'
import type { Io } from './io.ts'
import { manPage } from './man.ts'
import { optionsOf, type OptionRecord, optionName } from './option.ts'
import { printDocument } from './print.ts'
import { commands, optionAbout } from './program.ts'
import { say } from './say.ts'
import { version } from './version.ts'

export function completion(io: Io, shell: string): number {
  const text = shell === 'man' ? manPage(commands, version) : SHELLS.get(shell)?.(commands)
  if (text === undefined) {
    say(io, [diagnostic(noShell, noPlace, { shell, known: [...SHELLS.keys(), 'man'] })])
    return 2
  }
  printDocument(io, text)
  return 0
}

type Commands = readonly CommandRecord[]
/** `--tz`, `--no-mutation`. */
const longName = ([name, o]: readonly [string, OptionRecord]): string =>
  `--${o.kind === 'switch' && o.negated ? 'no-' : ''}${optionName(name)}`
const choicesOf = (o: OptionRecord): readonly string[] => (o.kind === 'value' ? (o.choices ?? []) : [])
const takesValue = (o: OptionRecord): boolean => o.kind !== 'switch'
const firstWords = (all: Commands): string[] => [...new Set(all.map((c) => c.name.split(' ')[0] as string)), 'help']
const secondWords = (all: Commands, group: string): string[] =>
  all.flatMap((c) => (c.name.startsWith(`${group} `) ? [c.name.slice(group.length + 1)] : []))
const groups = (all: Commands): string[] => firstWords(all).filter((g) => secondWords(all, g).length > 0)

/** In single quotes, for a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function bash(all: Commands): string {
  const values = all.flatMap((c) =>
    optionsOf(c.options).flatMap((e) =>
      takesValue(e[1])
        ? [`    ${quoted(`${c.name} ${longName(e)}`)}) words=${quoted(choicesOf(e[1]).join(' '))}; value=1 ;;`]
        : [],
    ),
  )
  const options = all.map(
    (c) => `    ${quoted(c.name)}) words=${quoted(['--help', ...optionsOf(c.options).map(longName)].join(' '))} ;;`,
  )
  const below = groups(all).map((g) => `    ${quoted(g)}) words=${quoted(secondWords(all, g).join(' '))}; value=1 ;;`)
  return `# Completion of assay for bash.
_assay() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words= value=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${quoted(firstWords(all).join(' '))} -- "$cur"))
    return
  fi
  case $command in
    ${groups(all).map(quoted).join('|') || "''"}) ((COMP_CWORD > 2)) && command+=" \${COMP_WORDS[2]}" ;;
  esac
  case "$command" in
${below.join('\n')}
  esac
  case "$command $prev" in
${values.join('\n')}
  esac
  if [[ -z $value && $cur == -* ]]; then
    case "$command" in
${options.join('\n')}
    esac
  fi
  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _assay assay
`
}

/** A text in a specification of \`_arguments\`: brackets and colons have a meaning there. */
const zshText = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&')

function zsh(all: Commands): string {
  const functionOf = (c: CommandRecord): string => `_assay_${c.name.replaceAll(' ', '_').replaceAll('-', '_')}`
  const spec = (e: readonly [string, OptionRecord]): string => {
    const [, o] = e
    const many = o.kind === 'list' ? '*' : ''
    const choices = choicesOf(o)
    const value = takesValue(o)
      ? `:${zshText(o.kind === 'switch' ? '' : o.value)}:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}`
      : ''
    return quoted(`${many}${longName(e)}[${zshText(optionAbout(o))}]${value}`)
  }
  const bodies = all.map(
    (c) =>
      `${functionOf(c)}() {\n  _arguments ${[...optionsOf(c.options).map(spec), quoted('*:file:_files')].join(' \\\n    ')}\n}`,
  )
  const described = [
    ...all.filter((c) => !c.name.includes(' ')).map((c) => `${c.name}:${zshText(c.summary)}`),
    ...groups(all).map((g) => `${g}:${zshText(GROUPS[g] ?? '')}`),
  ]
  return `#compdef assay
# Completion of assay for zsh.
${bodies.join('\n')}
_assay() {
  local -a commands
  commands=(
    ${described.map(quoted).join('\n    ')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  ((CURRENT--))
  case $name in
    ${groups(all)
      .map(
        (g) =>
          `${g}) if ((CURRENT == 2)); then compadd ${secondWords(all, g).join(' ')}; return; fi; name="$name $words[2]"; shift words; ((CURRENT--)) ;;`,
      )
      .join('\n    ')}
  esac
  case $name in
    ${all.map((c) => `${quoted(c.name)}) ${functionOf(c)} ;;`).join('\n    ')}
  esac
}
compdef _assay assay
`
}

const fishText = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`

function fish(all: Commands): string {
  const top = all
    .filter((c) => !c.name.includes(' '))
    .map((c) => [c.name, c.summary] as const)
    .concat(groups(all).map((g) => [g, GROUPS[g] ?? ''] as const))
  const lines = top.map(([n, about]) => `complete -c assay -n __fish_use_subcommand -f -a ${n} -d ${fishText(about)}`)
  for (const g of groups(all))
    lines.push(
      `complete -c assay -n '__fish_seen_subcommand_from ${g}' -f -a ${fishText(secondWords(all, g).join(' '))}`,
    )
  for (const c of all) {
    const seen = c.name
      .split(' ')
      .map((w) => `__fish_seen_subcommand_from ${w}`)
      .join('; and ')
    for (const e of optionsOf(c.options)) {
      const [, o] = e
      const choices = choicesOf(o)
      const value = takesValue(o) ? (choices.length > 0 ? ` -x -a ${fishText(choices.join(' '))}` : ' -r') : ''
      lines.push(`complete -c assay -n '${seen}' -l ${longName(e).slice(2)}${value} -d ${fishText(optionAbout(o))}`)
    }
  }
  return `# Completion of assay for fish.\n${lines.join('\n')}\n`
}

const SHELLS: ReadonlyMap<string, (all: Commands) => string> = new Map([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
])
