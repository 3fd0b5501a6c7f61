// Sumo Logic log search as the workbench sees it.
import { sumoHole, sumoRule } from '../../diag/catalogue/sumo.ts'
import { sumoIpDrops, sumoLookupMissing, sumoNotRun, sumoUnknownFunction } from '../../diag/catalogue/sumo-lower.ts'
import type { Diagnostic } from '../../diag/diagnostic.ts'
import { lex } from '../../lang/sumo/1-lex/lex.ts'
import type { Query } from '../../lang/sumo/2-parse/ast.ts'
import { parse } from '../../lang/sumo/parse.ts'
import { lower } from '../../lang/sumo/lower.ts'
import { all as builtins } from '../../lang/sumo/builtins/_index.ts'
import { editor } from '../../lang/sumo/editor.ts'
import { exclusion } from '../../lang/sumo/exclusion.ts'
import { format } from '../../lang/sumo/format.ts'
import { all as nearMisses } from '../../lang/sumo/near-misses/_index.ts'
import { outlineOf } from '../../lang/sumo/outline.ts'
import { scaffold } from '../../lang/sumo/scaffold.ts'
import { semantics } from '../../lang/sumo/semantics.ts'
import type { Plan, Stage } from '../../plan/plan.ts'
import { mapRelations } from '../../plan/walk.ts'
import { hostSpan, type Source } from '../../text/source.ts'
import { write } from '../../lang/sumo/write/write.ts'
import type { Language } from '../language.ts'

/** https://help.sumologic.com/docs/manage/field-extractions/create-field-extraction-rule/: operators that parse, without a scope. */
const FIELD_RULE = /^(?:\s|\/\/[^\n]*\n)*(?:\||(?:parse|json|csv|kv|keyvalue|split|xml|extract)\b)/

export const sumo: Language<Query> = {
  id: 'sumo',
  title: 'Sumo Logic log search',
  platform: { id: 'sumo', title: 'Sumo Logic', short: 'Sumo Logic' },
  extensions: ['.sumo'],
  read: {
    builtins,
    nearMisses,
    semantics,
    foldsNames: true,
    readsMessages: true,
    unsupported: [sumoHole.id, sumoLookupMissing.id, sumoNotRun.id],
    unsure: [sumoUnknownFunction.id],
    anotherForm: sumoRule.id,
    embedded: {
      fences: ['sumo', 'sumologic', 'sumoql'],
      // Exported content: panels of dashboards have `queryString`, saved searches `queryText`.
      keys: [
        { key: 'queryString', file: /"queryType"/, beside: { key: 'queryType', value: /^Logs$/ } },
        { key: 'queryText', file: /"type"\s*:\s*"(?:Folder|Dashboard|SavedSearch)/ },
        { key: 'sumo' },
      ],
      resources: /^sumologic_(?:content|monitor|dashboard|scheduled_view|field_extraction_rule|log_search)/,
    },
    tokens: (text) => lex(text).map((t) => ({ kind: t.kind, text: t.text, start: t.span.start })),
    parse(source, { parameters = {} }) {
      const parsed = parse(source, { params: new Map(Object.entries(parameters)) })
      return {
        tree: parsed.query,
        source: parsed.source,
        diagnostics: parsed.diagnostics,
        nearMisses: parsed.nearMisses.map((n) => withRewrite(n.diagnostic)),
      }
    },
    outline: (tree, { text }) => outlineOf(tree, text),
    renameAdvice: (have, want) => `put \`| ${nameText(have)} as ${nameText(want)}\` before it is read`,
    editor,
  },
  fieldRule: FIELD_RULE,
  run(source, { tree, source: filled }, context) {
    const lowered = lower(tree, filled, context)
    const plan = filled === source ? lowered.plan : placedAsWritten(lowered.plan, filled)
    // A text that tests the address itself drops those events on purpose.
    const drops = lowered.diagnostics.some((d) => d.code === sumoIpDrops.id) && !/isValidIPv4/i.test(source.text)
    return { ...lowered, plan, ...(drops ? { dropsAddresses: true } : {}) }
  },
  format: (source) => (parse(source).diagnostics.some((d) => d.severity === 'error') ? undefined : format(source)),
  write,
  vocabularies: ['sumo'],
  vocabulariesByName: ['sumo-windows-json'],
  scaffold,
  exclusion,
}

/** Takes places in the filled-in text back to the text as written. */
function placedAsWritten(plan: Plan, filled: Source): Plan {
  const stage = (s: Stage): Stage => (s.at ? { ...s, at: hostSpan(filled, s.at) } : s)
  return mapRelations(plan, (r) => ({ ...r, stages: r.stages.map(stage) }))
}

/** The remedy of a near-miss is the rewrite of this text, if it has a fix; the remedy of the record is an example. */
function withRewrite(d: Diagnostic): Diagnostic {
  const [fix] = d.fixes
  if (!fix || fix.edits.length === 0 || d.at.kind !== 'text') return d
  const start = Math.min(d.at.span.start, ...fix.edits.map((e) => e.span.start))
  const end = Math.max(d.at.span.end, ...fix.edits.map((e) => e.span.end))
  let text = d.at.source.text.slice(start, end)
  for (const e of [...fix.edits].sort((a, b) => b.span.start - a.span.start))
    text = text.slice(0, e.span.start - start) + e.text + text.slice(e.span.end - start)
  // A fix that only removes a word leaves nothing to show, so the example stays.
  if (text.trim() === '') return d
  return { ...d, remedy: `write \`${text.trim().replace(/\s*\n\s*/g, ' ')}\`` }
}

const nameText = (name: string): string => (/^[A-Za-z_][\w.]*$/.test(name) ? name : `%"${name.replaceAll('"', '\\"')}"`)
