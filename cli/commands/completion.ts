import { command } from '../command.ts'

export const completion = command({
  name: 'completion',
  summary: 'print the completion script of a shell',
  description:
    'Prints a script that completes commands, options and their values: `source <(assay completion bash)`, or write it to the folder of your shell.',
  args: { shell: { about: 'bash, zsh or fish; man prints the manual page' } },
  options: {},
  run: async ({ io, args }) => (await import('../completion.ts')).completion(io, args.shell),
})
