// The manual page assay(1), from the records of the commands.
import type { CommandRecord } from './command.ts'
import { optionsOf } from './option.ts'
import { argumentText, optionAbout, optionText } from './program.ts'

/** roff has meanings for backslashes, and for dots and quotes at the start of a line. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1')

function section(c: CommandRecord): string[] {
  const args = Object.entries(c.args)
  const usage = ['assay', c.name, ...args.map(([n, a]) => argumentText(n, a))].join(' ')
  return [
    `.SS ${roff(usage)}`,
    roff(c.description),
    ...args.flatMap(([n, a]) => ['.TP', `.I ${roff(n)}`, roff(a.about)]),
    ...optionsOf(c.options).flatMap(([n, o]) => [
      '.TP',
      `.B ${roff(optionText(n, o))}`,
      roff(
        `${optionAbout(o)}${o.kind === 'value' && o.choices ? `: ${o.choices.join(', ')}` : ''}${o.kind === 'value' && o.default !== undefined ? ` (default: ${o.default})` : ''}`,
      ),
    ]),
  ]
}

export const manPage = (commands: readonly CommandRecord[], version: string): string =>
  [
    `.TH ASSAY 1 "" "assay ${version}"`,
    '.SH NAME',
    'assay \\- lint, run, test and explain SIEM detections without the SIEM',
    '.SH SYNOPSIS',
    '.B assay',
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH EXIT STATUS',
    '.TP',
    '.B 0',
    'success',
    '.TP',
    '.B 1',
    'a finding, a failed test, a difference or a warning to fail on',
    '.TP',
    '.B 2',
    'a wrong command line or input',
    '.TP',
    '.B 3',
    'Assay is broken',
    '.SH FILES',
    '.TP',
    '.I assay.yml',
    'settings of a project, found upwards from the working folder',
    '',
  ].join('\n')
