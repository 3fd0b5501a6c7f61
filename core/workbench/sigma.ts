// Sigma as the workbench sees it.
import { parse } from '../lang/sigma/2-parse.ts'
import { lower } from '../lang/sigma/3-lower.ts'
import { all as builtins } from '../lang/sigma/builtins/_index.ts'
import { format } from '../lang/sigma/format.ts'
import { semantics } from '../lang/sigma/semantics.ts'
import { tokens } from '../lang/sigma/tokens.ts'
import { sigmaSources } from '../logs/registry.ts'
import type { Language } from './language.ts'

export const sigma: Language = {
  id: 'sigma',
  title: 'Sigma',
  extensions: ['.sigma', '.sigma.yml', '.sigma.yaml'],
  // Rules of SigmaHQ are `*.yml`, and so is much else.
  isOwn: (name, text) => /\.ya?ml$/i.test(name) && /^(?:detection|correlation):\s*(?:#.*)?$/m.test(text),
  builtins,
  nearMisses: [],
  semantics,
  tokens,
  parse(source, known) {
    const parsed = parse(source)
    return {
      diagnostics: parsed.diagnostics,
      nearMisses: [],
      tree: parsed.file,
      lower: () => lower(parsed.file, source, { ...known, sources: sigmaSources }),
    }
  },
  aliasStep: (have, want) => `${want}: # the events name it ${have}`,
  format,
}
