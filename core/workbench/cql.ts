// CrowdStrike LogScale as the workbench sees it.
import { lex } from '../lang/cql/1-lex/lex.ts'
import { parse } from '../lang/cql/3-parse/parse.ts'
import { type Known as CqlKnown, lower } from '../lang/cql/4-lower/lower.ts'
import type { Pipeline } from '../lang/cql/3-parse/ast.ts'
import { all as builtins } from '../lang/cql/builtins/_index.ts'
import { format } from '../lang/cql/format.ts'
import { all as nearMisses } from '../lang/cql/near-misses/_index.ts'
import { semantics } from '../lang/cql/semantics.ts'
import type { CompileContext, Language } from './language.ts'

export const cql: Language = {
  id: 'cql',
  title: 'CrowdStrike LogScale (CQL)',
  extensions: ['.cql', '.logscale'],
  builtins,
  nearMisses,
  semantics,
  tokens: (text) => lex(text).filter((t) => t.kind !== 'end'),
  parse(source, known) {
    const parsed = parse(source)
    return {
      diagnostics: parsed.diagnostics,
      nearMisses: parsed.nearMisses.map((n) => n.diagnostic),
      tree: parsed.pipeline,
      lower() {
        // Not a copy, for which everything would be read: compileOnce() goes by what a text reads.
        const seen: CqlKnown = Object.create(known, { saved: { value: savedPipelines(known) } })
        const lowered = lower(parsed.pipeline, source, seen)
        return {
          ...lowered,
          needs: lowered.needs.map((n) => ({ kind: n.kind, name: n.kind === 'lookup' ? n.file : n.name, at: n.at })),
        }
      },
    }
  },
  aliasStep: (have, want) => `| rename(field=${cqlName(have)}, as=${cqlName(want)})`,
  format: (source) => (parse(source).diagnostics.length > 0 ? undefined : format(source)),
}

function savedPipelines(known: CompileContext): Record<string, Pipeline> {
  const texts = Object.entries(known.saved ?? {})
  return Object.fromEntries(texts.map(([name, text]) => [name, parse({ name, text }).pipeline]))
}

const cqlName = (name: string): string => (/^[#@\w.]+$/.test(name) ? name : JSON.stringify(name))
