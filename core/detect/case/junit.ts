// Results of cases as JUnit XML, the form that CI systems read.
import { printForeign } from '../../text/foreign.ts'

/** The result of a case, for the report. */
export interface JUnitCase {
  readonly page: string
  readonly title: string
  readonly line: number
  readonly status: 'failed' | 'passed' | 'skipped' | 'todo'
  readonly reason?: string
  readonly failures: readonly { readonly line: number; readonly what: string; readonly detail: readonly string[] }[]
  /** Milliseconds. */
  readonly ms: number
}

/** One suite per page. `errors`: failures outside of cases. Each becomes a failed case in a suite of its own. */
export function junitXml(cases: readonly JUnitCase[], errors: readonly string[] = []): string {
  const pages = [...new Set(cases.map((c) => c.page))]
  const suites = pages.map((page) =>
    suite(
      page,
      cases.filter((c) => c.page === page),
    ),
  )
  if (errors.length > 0) {
    const all = errors.map(
      (e) =>
        `    <testcase classname="assay" name="setup"><error message="${xml(firstLine(e))}">${xml(e)}</error></testcase>\n`,
    )
    suites.push(
      `  <testsuite name="assay" tests="${errors.length}" failures="0" errors="${errors.length}" skipped="0">\n${all.join('')}  </testsuite>\n`,
    )
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`
}

function suite(page: string, cases: readonly JUnitCase[]): string {
  const count = (...of: JUnitCase['status'][]) => cases.filter((c) => of.includes(c.status)).length
  const counts = `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped', 'todo')}"`
  const time = seconds(cases.reduce((sum, c) => sum + c.ms, 0))
  return `  <testsuite name="${xml(page)}" ${counts} time="${time}">\n${cases.map(testcase).join('')}  </testsuite>\n`
}

function testcase(c: JUnitCase): string {
  const head = `    <testcase classname="${xml(c.page)}" name="${xml(c.title)}" file="${xml(c.page)}" line="${c.line}" time="${seconds(c.ms)}"`
  if (c.status === 'passed') return `${head}/>\n`
  if (c.status !== 'failed') return `${head}><skipped message="${xml(c.reason ?? c.status)}"/></testcase>\n`
  const failures = c.failures.map(
    (f) =>
      `<failure message="${xml(f.what)}">${xml([`${c.page}:${f.line}: ${f.what}`, ...f.detail].join('\n'))}</failure>`,
  )
  return `${head}>${failures.join('')}</testcase>\n`
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)
const firstLine = (text: string): string => text.split('\n')[0] ?? ''
const xml = (text: string): string => printForeign(text, 'xml')
