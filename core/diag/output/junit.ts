// JUnit XML: one suite for each file, one failed case for each diagnostic. Notes are no failures.
import { printForeign } from '../../text/foreign.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { type Finding, findings } from './finding.ts'

/** A CI log may show the file. */
const xml = (text: string): string => printForeign(printForeign(text, 'terminal'), 'xml')

/** `files`: names of all files, also of those without a diagnostic. */
export function junit(diagnostics: readonly Diagnostic[], files: readonly string[]): string {
  const suites = new Map<string, Finding[]>(files.map((f) => [f, []]))
  for (const f of findings(diagnostics)) {
    const name = f.place?.file ?? ''
    suites.set(name, [...(suites.get(name) ?? []), f])
  }
  const isFailure = (f: Finding): boolean => f.diagnostic.severity !== 'info'
  const body = [...suites].map(([name, found]) => {
    const failures = found.filter(isFailure)
    const cases = failures.map(({ diagnostic: d, place }) => {
      const at = place ? `${place.file}:${place.line}:${place.column}` : ''
      return `  <testcase classname="${xml(name)}" name="${xml(`${d.code} ${at}`)}"><failure type="${d.severity}" message="${xml(d.message)}">${xml([at, d.message, d.why, d.remedy].filter((t) => t !== '').join('\n'))}</failure></testcase>\n`
    })
    const own = cases.length > 0 ? cases.join('') : `  <testcase classname="${xml(name)}" name="lint"/>\n`
    return ` <testsuite name="${xml(name)}" tests="${Math.max(1, failures.length)}" failures="${failures.length}">\n${own} </testsuite>\n`
  })
  const failures = [...suites.values()].flat().filter(isFailure).length
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="assay lint" failures="${failures}">\n${body.join('')}</testsuites>\n`
}
