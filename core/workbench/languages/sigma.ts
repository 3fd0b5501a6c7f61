// Sigma as the workbench sees it.
import { parse } from '../../lang/sigma/2-parse.ts'
import { lower } from '../../lang/sigma/3-lower.ts'
import { write } from '../../lang/sigma/5-write.ts'
import { portable, vocabularyInfo } from '../../lang/sigma/4-portable.ts'
import type { SigmaFile } from '../../lang/sigma/ast.ts'
import { all as builtins } from '../../lang/sigma/builtins/_index.ts'
import { editorOf } from '../../lang/sigma/editor.ts'
import { format } from '../../lang/sigma/format.ts'
import { outlineOf } from '../../lang/sigma/outline.ts'
import { scaffold } from '../../lang/sigma/scaffold.ts'
import { semantics } from '../../lang/sigma/semantics.ts'
import { tokens } from '../../lang/sigma/tokens.ts'
import { sigmaSources } from '../../logs/registry.ts'
import type { Language } from '../language.ts'

export const sigma: Language<SigmaFile> = {
  id: 'sigma',
  title: 'Sigma',
  platform: { id: 'sigma', title: 'Sigma', short: 'Sigma', portable: true },
  extensions: ['.sigma', '.sigma.yml', '.sigma.yaml'],
  read: {
    builtins,
    nearMisses: [],
    semantics,
    unsupported: [],
    // Rules of SigmaHQ are `*.yml`, and so is much else.
    isOwn: (name, text) => /\.ya?ml$/i.test(name) && /^(?:detection|correlation|filter):\s*(?:[#{&*].*)?$/m.test(text),
    embedded: { fences: ['sigma'], keys: [], resources: /^$/ },
    tokens,
    parse(source) {
      const { file, diagnostics } = parse(source)
      return { tree: file, source, diagnostics, nearMisses: [] }
    },
    outline: outlineOf,
    renameAdvice: (have) => `write \`${have}\` in the rule, or map it in a pipeline file (--pipeline)`,
    between: '\n---\n',
    editor: editorOf(sigmaSources),
  },
  run: (source, { tree }, context) => lower(tree, source, { ...context, sources: sigmaSources }),
  portable: (source, { tree }, context) => portable(tree, source, context),
  vocabulary: vocabularyInfo,
  witnessVocabulary: (format) => (/^(?:fdr|ngsiem|falcon)/.test(format) ? 'falcon' : 'sysmon-names'),
  write,
  format,
  ruleMetadata: { id: ['id'], tags: ['tags'], window: ['correlation', 'timespan'] },
  scaffold,
}
