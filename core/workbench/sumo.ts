// Sumo Logic log search as the workbench sees it.
import { lex } from '../lang/sumo/1-lex/lex.ts'
import { parse } from '../lang/sumo/parse.ts'
import { lower } from '../lang/sumo/lower.ts'
import { all as builtins } from '../lang/sumo/builtins/_index.ts'
import { format } from '../lang/sumo/format.ts'
import { all as nearMisses } from '../lang/sumo/near-misses/_index.ts'
import { semantics } from '../lang/sumo/semantics.ts'
import type { Diagnostic } from '../diag/diagnostic.ts'
import type { Plan, Stage } from '../plan/plan.ts'
import { mapRelations } from '../plan/walk.ts'
import { hostSpan, type Source } from '../text/source.ts'
import type { CompileContext, Language } from './language.ts'

export const sumo: Language = {
  id: 'sumo',
  title: 'Sumo Logic log search',
  foldsNames: true,
  readsMessages: true,
  extensions: ['.sumo'],
  builtins,
  nearMisses,
  semantics,
  tokens: (text) => lex(text).map((t) => ({ kind: t.kind, text: t.text, start: t.span.start })),
  parse(source, known: CompileContext) {
    const parsed = parse(source, { params: new Map(Object.entries(known.parameters ?? {})) })
    return {
      diagnostics: parsed.diagnostics,
      nearMisses: parsed.nearMisses.map((n) => rewritten(n.diagnostic)),
      tree: parsed.query,
      lower() {
        const lowered = lower(parsed.query, parsed.source, known)
        return {
          ...lowered,
          plan: parsed.source === source ? lowered.plan : asWritten(lowered.plan, parsed.source),
          needs: lowered.needs.map((n) => ({ kind: n.kind, name: n.kind === 'lookup' ? n.file : n.name, at: n.at })),
        }
      },
    }
  },
  aliasStep: (have, want) => `| ${sumoName(have)} as ${sumoName(want)}`,
  format: (source) => (parse(source).diagnostics.some((d) => d.severity === 'error') ? undefined : format(source)),
}

/** Steps are told by their places in the text as it was written, with its template variables. */
function asWritten(plan: Plan, filled: Source): Plan {
  const stage = (s: Stage): Stage => (s.at ? { ...s, at: hostSpan(filled, s.at) } : s)
  return mapRelations(plan, (r) => ({ ...r, stages: r.stages.map(stage) }))
}

/** The remedy of a near-miss is the rewrite of this very text, where there is one; the record's is an example. */
function rewritten(d: Diagnostic): Diagnostic {
  const [fix] = d.fixes
  if (!fix || fix.edits.length === 0 || d.at.kind !== 'text') return d
  const start = Math.min(d.at.span.start, ...fix.edits.map((e) => e.span.start))
  const end = Math.max(d.at.span.end, ...fix.edits.map((e) => e.span.end))
  let text = d.at.source.text.slice(start, end)
  for (const e of [...fix.edits].sort((a, b) => b.span.start - a.span.start))
    text = text.slice(0, e.span.start - start) + e.text + text.slice(e.span.end - start)
  // A fix that only takes a word away shows nothing; then the example says it better.
  if (text.trim() === '') return d
  return { ...d, remedy: `write \`${text.trim().replace(/\s*\n\s*/g, ' ')}\`` }
}

const sumoName = (name: string): string => (/^[A-Za-z_][\w.]*$/.test(name) ? name : `%"${name.replaceAll('"', '\\"')}"`)
