// RUN08x: assay.yml.
import { code } from '../diagnostic.ts'

export const configYaml = code<{ problem: string }>({
  id: 'RUN080',
  slug: 'config-not-yaml',
  severity: 'error',
  title: 'assay.yml is not valid YAML',
  message: (p) => `invalid YAML: ${p.problem}`,
  why: 'Assay uses nothing from a file that is not valid YAML, and does not run with half of the settings.',
  remedy: () => 'correct the file here; put a text in quotes if it contains `: ` or ` #`',
})

export const configKey = code<{ key: string; known: readonly string[]; near: string | undefined }>({
  id: 'RUN081',
  slug: 'config-unknown-key',
  severity: 'error',
  title: 'assay.yml has no such setting',
  message: (p) => `no such setting: \`${p.key}\``,
  why: 'A misspelt setting would be a default that silently does not hold.',
  remedy: (p) => (p.near ? `did you mean \`${p.near}\`?` : `use one of ${p.known.join(', ')}`),
})

export const configValue = code<{ path: string; problem: string }>({
  id: 'RUN082',
  slug: 'config-wrong-value',
  severity: 'error',
  title: 'A setting in assay.yml is of the wrong kind',
  message: (p) => `${p.path === '' ? 'assay.yml' : `\`${p.path}\``}: ${p.problem}`,
  why: 'docs/reference/config.schema.json has the kind of each setting.',
  remedy: () => 'write the value that docs/guide/configuration.md shows for this setting',
})

export const configCircle = code<{ files: readonly string[] }>({
  id: 'RUN083',
  slug: 'config-circle',
  severity: 'error',
  title: 'assay.yml extends itself',
  message: (p) => `the files extend each other: ${p.files.join(' → ')}`,
  why: 'Each setting needs one file that decides it.',
  remedy: () => 'remove one `extends`',
})
