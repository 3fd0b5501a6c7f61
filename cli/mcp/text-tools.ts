// Tools over a text alone: lint, fix, explain, reference, witness.
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod'
import { builtinPage, builtinsNamed } from '../../core/services/builtin-page.ts'
import { countOf } from '../words.ts'
import type { Result } from '../../core/diag/result.ts'
import { nearest } from '../../core/text/nearest.ts'
import type { Source } from '../../core/text/source.ts'
import { findLanguage, languageOfFile, readLanguages } from '../../core/workbench/compile.ts'
import { explain, STAGES } from '../../core/workbench/explain.ts'
import { lint, fixed } from '../../core/workbench/lint.ts'
import type { ReadLanguage } from '../../core/workbench/language.ts'
import { resolveEnv } from '../../engine/execute/interval.ts'
import { resolveReferences } from '../../engine/query/resolve-references.ts'
import { witnessQuery } from '../../engine/query/witness-query.ts'
import { casesText, writeTelemetry } from '../../engine/query/write-telemetry.ts'
import { GENERATED } from '../../engine/query/witness-query.ts'
import { diagnosticToJson } from '../../core/diag/render.ts'
import { answer, diagnosticsAnswer, refusal } from './answer.ts'
import { type House, textInside } from './house.ts'
import type { ToolHost } from './tool-process.ts'

const ids = readLanguages.map((l) => l.id)
export const language = z.string().describe(`Language of the query: ${ids.join(', ')}.`)
export const queryInput = {
  query: z.string().max(200_000).optional().describe('The text of the query or rule.'),
  file: z.string().max(4096).optional().describe('A file below the allowed folders, in place of `query`.'),
  language: language.optional().describe(`Language: ${ids.join(', ')}. A file shows it by its ending.`),
}

export interface AskedQuery {
  readonly source: Source
  readonly language: ReadLanguage
}
export type QueryInput = { query?: string | undefined; file?: string | undefined; language?: string | undefined }

/** The query of a tool's input, or the refusal. */
export function queryOf(
  house: House,
  input: QueryInput,
): { ok: true; value: AskedQuery } | { ok: false; answer: CallToolResult } {
  const refused = (r: Result<unknown>) => ({ ok: false as const, answer: r.ok ? answer('') : refusal(r.diagnostics) })
  const named = input.language === undefined ? undefined : findLanguage(input.language)
  if (named && !named.ok) return refused(named)
  if (input.query !== undefined) {
    if (!named)
      return { ok: false, answer: answer(`Give the language of the text: ${ids.join(', ')}.`, { isError: true }) }
    return { ok: true, value: { source: { name: '<query>', text: input.query }, language: named.value } }
  }
  if (input.file === undefined)
    return { ok: false, answer: answer('Give `query`, a text, or `file`.', { isError: true }) }
  const text = textInside(house, input.file)
  if (!text.ok) return refused(text)
  const found = named?.value ?? languageOfFile(input.file, text.value.text)
  if (!found)
    return {
      ok: false,
      answer: answer(`The ending of the file shows no language: give one of ${ids.join(', ')}.`, { isError: true }),
    }
  return { ok: true, value: { source: { name: input.file, text: text.value.text }, language: found } }
}

const contextOf = (house: House, { source, language: l }: AskedQuery) =>
  resolveReferences(source, l, { lookups: house.lookups }).context

export function addTextTools(server: ToolHost, house: House): void {
  server.registerTool(
    'lint',
    {
      title: 'Check a query',
      description:
        'Would the vendor accept this CQL, Sumo or Sigma text, does it mean what was meant, can it ever find anything? Each diagnostic has its place, reason and remedy.',
      inputSchema: queryInput,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input) => {
      const asked = queryOf(house, input)
      if (!asked.ok) return asked.answer
      const { source, language: l } = asked.value
      const { diagnostics } = lint(source, l.id, contextOf(house, asked.value))
      const [errors, warnings] = [countOf(diagnostics, 'error'), countOf(diagnostics, 'warning')]
      const fixable = diagnostics.filter((d) => d.fixes.some((f) => f.safety === 'safe')).length
      const words = `${errors === 0 ? 'The vendor would accept this text' : 'The vendor would refuse this text'}: ${errors} errors, ${warnings} warnings.${fixable > 0 ? ` The tool \`fix\` mends ${fixable} of them.` : ''}`
      return diagnosticsAnswer(words, diagnostics)
    },
  )
  server.registerTool(
    'fix',
    {
      title: 'Apply safe fixes',
      description:
        'The text with every fix that keeps the intended meaning, and the diagnostics that are left. No file is changed.',
      inputSchema: queryInput,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input) => {
      const asked = queryOf(house, input)
      if (!asked.ok) return asked.answer
      const { source, language: l } = asked.value
      const context = contextOf(house, asked.value)
      const { text, applied } = fixed(source, l.id, context)
      const left = lint({ ...source, text }, l.id, context).diagnostics
      const words = applied.length === 0 ? 'No safe fix applies.' : `${applied.length} fixes applied.`
      return diagnosticsAnswer(`${words} ${countOf(left, 'error')} errors are left.`, left, {
        text,
        applied: applied.map(diagnosticToJson),
      })
    },
  )
  server.registerTool(
    'explain',
    {
      title: 'Show what a query means',
      description: `The stages of a query: ${STAGES.join(', ')}. The plan shows every step with its exact meaning.`,
      inputSchema: { ...queryInput, stages: z.array(z.enum(STAGES)).optional().describe('Default: plan.') },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ stages = ['plan'], ...input }) => {
      const asked = queryOf(house, input)
      if (!asked.ok) return asked.answer
      const { compiled, diagnostics } = lint(asked.value.source, asked.value.language.id, contextOf(house, asked.value))
      if (!compiled.plan) return refusal(diagnostics)
      const { env } = resolveEnv({}, 'UTC', null)
      const shown = explain(compiled, stages, env)
      return answer(shown.map((s) => `── ${s.stage} ──\n${s.text}`).join('\n\n'))
    },
  )
  server.registerTool(
    'reference',
    {
      title: 'Look up a language',
      description:
        'The page of a function, operator or modifier, with parameters and an example; without a name, all names of a language with one line each.',
      inputSchema: {
        language,
        name: z.string().max(200).optional().describe('A name such as groupBy.'),
        find: z.string().max(200).optional().describe('Only names whose page has this text.'),
      },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ language: id, name, find }) => {
      const found = findLanguage(id)
      if (!found.ok) return refusal(found.diagnostics)
      const l = found.value
      if (name !== undefined) return referenceOf(l, name)
      const wanted = find?.toLowerCase()
      const all = l.read.builtins.filter(
        (b) => wanted === undefined || `${b.name} ${b.doc} ${b.notes.join(' ')}`.toLowerCase().includes(wanted),
      )
      const near = l.read.nearMisses.map((n) => `- \`${n.bad}\` is written \`${n.good}\``)
      const lines = all.map((b) => `- \`${b.name}\`: ${b.doc}`)
      return answer(
        [
          `${l.title}: ${all.length} names.`,
          ...lines,
          ...(wanted === undefined && near.length > 0 ? ['', 'Common mistakes:', ...near] : []),
        ].join('\n'),
      )
    },
  )
  server.registerTool(
    'witness',
    {
      title: 'Generate telemetry for a query',
      description:
        'Events that the query finds and, with near_miss, events that it just misses; as a page of tests, or as JSON lines.',
      inputSchema: { ...queryInput, near_miss: z.boolean().optional(), as: z.enum(['events', 'page']).optional() },
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ near_miss: nearMiss = false, as = 'events', ...input }) => {
      const asked = queryOf(house, input)
      if (!asked.ok) return asked.answer
      const query = { source: asked.value.source, language: asked.value.language.id }
      const { found, compiled, diagnostics } = witnessQuery(query, { lookups: house.lookups, seed: 1 })
      if (!found || !compiled.plan) return refusal(diagnostics)
      if (as === 'page')
        return answer('A page of tests, generated and checked:', {
          value: { page: casesText(found, query, input.file) },
        })
      const near = found.reached.flatMap((r) => r.misses)
      const chosen = nearMiss ? near.map((m) => m.telemetry) : found.passing
      const { text } = writeTelemetry(compiled.plan, chosen, 'ndjson', nearMiss ? near : undefined, GENERATED)
      return answer(
        nearMiss ? `${chosen.length} events that fall out, each at another predicate:` : 'Events that the query finds:',
        {
          value: { events: text.split('\n').filter((t) => t !== ''), diagnostics: diagnostics.map(diagnosticToJson) },
        },
      )
    },
  )
}

export function referenceOf(l: ReadLanguage, name: string): CallToolResult {
  const pages = builtinsNamed(l, name).map((b) => builtinPage(l, b))
  if (pages.length > 0) return answer(pages.join('\n\n---\n\n'))
  const near = nearest(
    name,
    l.read.builtins.map((b) => b.name),
  )
  const elsewhere = readLanguages.filter((o) => o !== l && builtinsNamed(o, name).length > 0).map((o) => o.title)
  const hints = [
    near === undefined ? '' : ` Did you mean \`${near}\`?`,
    elsewhere.length > 0 ? ` ${elsewhere.join(' and ')} has it.` : '',
  ]
  return answer(`${l.title} has no \`${name.replace(/[^\w:. -]/g, '·')}\`.${hints.join('')}`, { isError: true })
}
