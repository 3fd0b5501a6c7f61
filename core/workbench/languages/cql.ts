// CrowdStrike LogScale as the workbench sees it.
import { noSuchFunction, notRunHere, unknownSaved } from '../../diag/catalogue/cql-lower.ts'
import { lex } from '../../lang/cql/1-lex/lex.ts'
import type { Pipeline } from '../../lang/cql/3-parse/ast.ts'
import { parse } from '../../lang/cql/3-parse/parse.ts'
import { lower, lowerParser } from '../../lang/cql/lower.ts'
import { builtins } from '../../lang/cql/registry.ts'
import { exclusion } from '../../lang/cql/exclusion.ts'
import { format } from '../../lang/cql/format.ts'
import { all as nearMisses } from '../../lang/cql/near-misses/_index.ts'
import { editor } from '../../lang/cql/editor.ts'
import { outlineOf } from '../../lang/cql/outline.ts'
import { scaffold } from '../../lang/cql/scaffold.ts'
import { unknownCalls } from '../../lang/cql/unknown-calls.ts'
import { notImplemented } from '../../lang/cql/known-names.ts'
import { semantics } from '../../lang/cql/semantics.ts'
import { write } from '../../lang/cql/write/write.ts'
import type { Language } from '../language.ts'

export const cql: Language<Pipeline> = {
  id: 'cql',
  title: 'CrowdStrike LogScale (CQL)',
  platform: { id: 'logscale', title: 'CrowdStrike LogScale', short: 'LogScale' },
  extensions: ['.cql', '.logscale'],
  read: {
    builtins,
    nearMisses,
    semantics,
    notRun: notImplemented,
    parsedNames: true,
    readsMessages: true,
    unsupported: [notRunHere.id, unknownSaved.id],
    unsure: [noSuchFunction.id, unknownSaved.id],
    embedded: {
      fences: ['cql', 'logscale', 'humio'],
      // Query-Hub: `cql`. Packages of LogScale: `queryString`. Correlation rules of Next-Gen SIEM as templates: `search.filter`.
      keys: [
        { key: 'cql' },
        { key: 'queryString', file: /humio|logscale|crowdstrike|queryOwnership|throttleTime|^\$schema:/im },
        { key: 'query_string', file: /humio|logscale|crowdstrike/i },
        { key: 'search.filter' },
      ],
      resources: /^(?:humio|logscale|crowdstrike)_/,
    },
    tokens: (text) => lex(text).filter((t) => t.kind !== 'end'),
    parse(source) {
      const { pipeline, diagnostics, nearMisses } = parse(source)
      const unknown = diagnostics.length > 0 ? unknownCalls(pipeline, source) : []
      const all = [...diagnostics, ...unknown]
      return { tree: pipeline, source, diagnostics: all, nearMisses: nearMisses.map((n) => n.diagnostic) }
    },
    outline: (tree, { text }) => outlineOf(tree, text),
    renameAdvice: (have, want) => `put \`| rename(field=${nameText(have)}, as=${nameText(want)})\` before it is read`,
    editor,
  },
  run: (source, { tree }, context) => lower(tree, source, context),
  parser: (source, { tree }, context) => lowerParser(tree, source, context),
  format: (source) => (parse(source).diagnostics.length > 0 ? undefined : format(source)),
  neutralName: (field) => field.replace(/^#/, ''),
  write,
  vocabularies: ['falcon', 'cps'],
  scaffold,
  exclusion,
}

const nameText = (name: string): string => (/^[#@\w.]+$/.test(name) ? name : JSON.stringify(name))
