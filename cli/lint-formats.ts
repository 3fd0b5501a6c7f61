// Formats of diagnostics for other programs.
import { all as codes } from '../core/diag/catalogue/_index.ts'
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { githubCommands } from '../core/diag/output/github.ts'
import { junit } from '../core/diag/output/junit.ts'
import { markdownReport } from '../core/diag/output/markdown.ts'
import { sarif } from '../core/diag/output/sarif.ts'
import { readLanguages } from '../core/workbench/compile.ts'
import { allRules } from '../core/workbench/lint.ts'
import { inertJson } from '../core/text/foreign.ts'
import { version } from './version.ts'
import { countOf, plural } from './words.ts'

type Format = 'github' | 'junit' | 'markdown' | 'sarif'

/** `files`: names of all that was linted. */
export function machineFormat(format: Format, diagnostics: readonly Diagnostic[], files: readonly string[]): string {
  switch (format) {
    case 'github':
      return githubCommands(diagnostics)
    case 'junit':
      return junit(diagnostics, files)
    case 'markdown':
      return markdownReport(
        diagnostics,
        `assay lint: ${plural(countOf(diagnostics, 'error'), 'error')}, ${plural(countOf(diagnostics, 'warning'), 'warning')} in ${plural(files.length, 'text')}`,
      )
    case 'sarif': {
      const titles = titlesOfCodes()
      return inertJson(sarif(diagnostics, version, (code) => titles.get(code)))
    }
  }
}

interface Titled {
  readonly id: string
  readonly slug: string
  readonly title: string
}
const isTitled = (x: unknown): x is Titled =>
  typeof x === 'object' && x !== null && 'id' in x && 'title' in x && 'slug' in x

export const allCodes = (): readonly Titled[] =>
  [...(codes as readonly unknown[]), ...allRules, ...readLanguages.flatMap((l) => l.read.nearMisses)].filter(isTitled)

const titlesOfCodes = (): ReadonlyMap<string, string> => new Map(allCodes().map((c) => [c.id, c.title]))
