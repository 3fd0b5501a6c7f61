// Writes the TextMate grammars of editors/vscode from the records of the languages: npx tsx tools/vscode-grammars.ts
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { languageNamed } from '../core/workbench/compile.ts'
import { escapeRegex } from '../core/text/escape-regex.ts'

interface Rule {
  readonly name: string
  readonly match?: string
  readonly begin?: string
  readonly end?: string
  readonly patterns?: readonly Rule[]
  readonly captures?: Readonly<Record<string, { readonly name: string }>>
}

/** Longest first, because an alternative that is a prefix would win. */
const anyOf = (words: readonly string[]): string =>
  [...new Set(words)]
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((w) => escapeRegex(w).replaceAll(' ', '\\s+'))
    .join('|')

const namesOf = (id: string): string[] =>
  (languageNamed(id)?.read.builtins ?? []).flatMap((b) => [b.name, ...(b.aliases ?? [])])

const string = (id: string): Rule => ({
  name: `string.quoted.double.${id}`,
  begin: '"',
  end: '"',
  patterns: [{ name: `constant.character.escape.${id}`, match: '\\\\.' }],
})
const comments = (id: string): readonly Rule[] => [
  { name: `comment.block.${id}`, begin: '/\\*', end: '\\*/' },
  { name: `comment.line.double-slash.${id}`, match: '//.*$' },
]

const grammar = (id: string, title: string, patterns: readonly Rule[]): string =>
  `${JSON.stringify({ name: title, scopeName: `source.${id}`, patterns }, null, 2)}\n`

function cql(): string {
  return grammar('cql', 'CrowdStrike CQL', [
    ...comments('cql'),
    string('cql'),
    { name: 'string.regexp.cql', match: '(?<=[=(,|~\\s])/(?:[^/\\\\\\n]|\\\\.)+/[a-zA-Z]*' },
    { name: 'support.function.cql', match: `(?<![\\w:.])(?:${anyOf(namesOf('cql'))})(?=\\s*\\()` },
    { name: 'variable.parameter.cql', match: '\\b[A-Za-z]\\w*(?=\\s*=(?!=)[^|]*\\))' },
    { name: 'keyword.control.cql', match: '\\b(?:case|match|in|like)\\b(?=\\s*[{"(*\\w])' },
    { name: 'keyword.operator.logical.cql', match: '\\b(?:and|or|not|AND|OR|NOT)\\b' },
    { name: 'variable.other.field.cql', match: '[#@]?[A-Za-z_][\\w.]*(?=\\s*(?::=|!=|<=|>=|=|<|>))' },
    { name: 'constant.numeric.cql', match: '(?<![\\w.])-?\\d+(?:\\.\\d+)?(?:ms|s|m|h|d|w)?\\b' },
    { name: 'keyword.operator.cql', match: ':=|=~|=>|!=|<=|>=|[=<>|;*]' },
  ])
}

function sumo(): string {
  return grammar('sumo', 'Sumo Logic search', [
    ...comments('sumo'),
    string('sumo'),
    // Engines of TextMate grammars differ in look-behinds of any length, so the bar is part of the match.
    {
      name: 'meta.stage.sumo',
      match: `(\\|)\\s*(${anyOf(namesOf('sumo'))})\\b`,
      captures: { 1: { name: 'keyword.operator.sumo' }, 2: { name: 'keyword.other.operator.sumo' } },
    },
    { name: 'support.function.sumo', match: `\\b(?:${anyOf(namesOf('sumo'))}|if)(?=\\s*\\()` },
    { name: 'keyword.control.sumo', match: '\\b(?:as|by|from|on|field|nodrop|in|matches|and|or|not|AND|OR|NOT)\\b' },
    { name: 'variable.other.metadata.sumo', match: '\\b_[A-Za-z]\\w*' },
    { name: 'constant.numeric.sumo', match: '(?<![\\w.])-?\\d+(?:\\.\\d+)?[smhdw]?\\b' },
    { name: 'keyword.operator.sumo', match: '!=|<=|>=|[=<>|*!]' },
  ])
}

/** File of editors/vscode/syntaxes → text. */
export const grammars = (): Readonly<Record<string, string>> => ({
  'cql.tmLanguage.json': cql(),
  'sumo.tmLanguage.json': sumo(),
})

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [name, text] of Object.entries(grammars())) writeFileSync(`editors/vscode/syntaxes/${name}`, text)
