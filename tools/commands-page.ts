// Writes docs/reference/commands.md from the records of cli/commands.
import { type OptionRecord, optionsOf } from '../cli/option.ts'
import { argumentText, commands, optionAbout, optionText } from '../cli/program.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

function standard(o: OptionRecord): string {
  if (o.kind !== 'value') return ''
  return o.required ? 'required' : o.default === undefined ? '' : `\`${o.default}\``
}

export function commandsPage(): string {
  const sections = commands.map((c) => {
    const args = Object.entries(c.args).map(([name, a]) => [argumentText(name, a), a.about] as const)
    const usage = ['assay', c.name, ...args.map(([name]) => name), '[options]'].join(' ')
    const options = optionsOf(c.options).map(([name, o]) => {
      const choices = o.kind === 'value' && o.choices ? `: ${o.choices.join(', ')}` : ''
      return `| \`${optionText(name, o)}\` | ${cell(optionAbout(o))}${choices} | ${standard(o)} |`
    })
    return [
      `## assay ${c.name}`,
      '',
      c.description,
      '',
      `\`${usage}\``,
      '',
      ...args.map(([name, about]) => `- \`${name}\`: ${cell(about)}`),
      '',
      '| option | meaning | default |',
      '|---|---|---|',
      ...options,
      '',
    ]
  })
  return ['# Commands', '', 'Generated from `cli/commands/`.', '', ...sections.flat()].join('\n')
}
