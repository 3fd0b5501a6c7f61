// The measured facts: tests with their last results, coverage and mutation, comparison with other queries.
import { type CaseEvidence, promisesOf } from '../../core/detect/folder/evidence.ts'
import { inFolder } from '../../core/detect/folder/folder-names.ts'
import { type Html, html, type Part, prose as marked } from '../html.ts'
import type { Run } from '../../core/detect/folder/catalogue-entry.ts'
import { fileOf, percent, plural, shown } from '../model.ts'
import { download, pill, type Scope, statusPill, wide } from './parts.ts'

type Case = CaseEvidence<Run>

/** Does a case run a query of this platform, or a tuning in its language? */
export const isOfView = ({ view }: Scope, c: Case): boolean => {
  const files = [view.platform.query, ...view.platform.companions.map((x) => x.file)].map(fileOf)
  return c.promises.some((p) => (p.file !== undefined && files.includes(p.file)) || p.language === view.language)
}

/** Cases with the signals of a validation test. They are shown with that test. */
export const isValidation = (c: Case): boolean =>
  c.case.validates !== undefined || /^tests\/validation[^/]*\.case\.md$/.test(c.page)

/** Measured facts about a platform's queries and companions, in a few words each. */
export function measuresOf(scope: Scope): {
  readonly tests: string
  readonly covered: string
  readonly noticed: string
} {
  const { proof, evidence } = scope.entry
  const cases = evidence.filter((c) => isOfView(scope, c))
  const passed = cases.filter((c) => c.run?.status === 'passed').length
  const files = filesOf(scope)
  const coverage = proof?.coverage.filter((c) => files.includes(c.file)) ?? []
  const mutation = proof?.mutation.filter((m) => files.includes(m.file)) ?? []
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
  const covered = percent(sum(coverage.map((c) => c.covered)), sum(coverage.map((c) => c.total)))
  const noticed = percent(sum(mutation.map((m) => m.killed)), sum(mutation.map((m) => m.total)))
  return {
    tests: cases.length === 0 ? 'none' : `${passed} of ${cases.length} pass`,
    covered: coverage.length > 0 ? shown(covered) : 'not measured',
    noticed: mutation.length > 0 ? shown(noticed) : 'not measured',
  }
}

export function testSection(scope: Scope): Html {
  const cases = scope.entry.evidence.filter((c) => isOfView(scope, c) && !isValidation(c))
  if (cases.length === 0) return html`<p>No test runs a query of this platform.</p>`
  const pages = [...new Set(cases.map((c) => c.page))]
  return html`<p>${tally(cases)} Every case runs on two engines, which must agree.</p>
${pages.map((page) => {
  const own = cases.filter((c) => c.page === page)
  const to = download(scope, page)
  const failed = own.some((c) => c.run?.status === 'failed')
  return html`<details class="fold"${failed && ' open'}><summary><h3>${own[0]?.pageTitle}</h3> ${tally(own)}</summary>
<p class="soft small">${to === undefined ? page : html`<a href="${to}" download>${page}</a>`}</p>
${caseTable(scope, own, own[0]?.pageTitle ?? page)}</details>`
})}`
}

function tally(cases: readonly Case[]): Part {
  const count = (s: Run['status']) => cases.filter((c) => c.run?.status === s).length
  const [failed, skipped] = [count('failed'), count('skipped') + count('todo')]
  return [
    pill(failed > 0 ? 'no' : 'ok', `${count('passed')} of ${cases.length} passed`),
    failed > 0 && ` ${failed} failed.`,
    skipped > 0 && ` ${skipped} skipped or to do.`,
  ]
}

export const caseTable = (scope: Scope, cases: readonly Case[], label: string): Html =>
  wide(
    label,
    html`<table class="tests"><thead><tr><th scope="col">Case</th><th scope="col">Expected</th><th scope="col">Last result</th></tr></thead>
<tbody>${cases.map(
      (
        c,
      ) => html`<tr><th scope="row">${c.case.title}${prose(c)}${failures(c.run)}</th><td>${expectations(scope, c)}</td><td>${statusPill(c.run)}</td></tr>
`,
    )}</tbody></table>`,
  )

const prose = ({ case: c }: Case): Part => {
  const text = c.prose.replace(/^(?:skip|todo|validates):.*$/gim, '').trim()
  return text !== '' && html`<p class="soft small">${marked(text)}</p>`
}

/** The first few lines of a failure. */
const failures = (run: Run | undefined): Part =>
  run?.failures.map(
    (f) =>
      html`<p class="small">${f.what} (line ${f.line})</p>${
        f.detail.length > 0 &&
        html`<pre tabindex="0" role="group" aria-label="Details"><code>${f.detail.slice(0, 8).join('\n').slice(0, 1200)}</code></pre>`
      }`,
  )

const WORD = { diagnostics: 'is diagnosed', fires: 'fires', quiet: 'quiet' } as const

function expectations({ view }: Scope, c: Case): Part {
  const own = c.promises.filter((p) => p.language === view.language || p.file === fileOf(view.platform.query))
  return own.map(
    (p, i) =>
      html`${i > 0 && html`<br>`}${pill(p.kind === 'fires' ? 'acc' : '', WORD[p.kind])} <small>${
        p.file === undefined ? 'query of the case' : p.file
      }${p.findings !== undefined && p.findings > 0 && `, ${plural(p.findings, 'finding')}`}</small>`,
  )
}

export function proofSection(scope: Scope): Html {
  const { proof } = scope.entry
  if (!proof)
    return html`<p>${pill('', 'not measured')} Clause coverage and mutation score are not part of this build.</p>`
  const files = filesOf(scope)
  const rows = files.flatMap((file) => {
    const coverage = proof.coverage.find((c) => c.file === file)
    const mutation = proof.mutation.find((m) => m.file === file)
    return coverage && mutation ? [{ file, coverage, mutation }] : []
  })
  const unproven = proof.unproven.filter((d) => d.at.kind === 'log' && files.includes(d.at.file))
  const gaps = html`${unproven.map((d) => html`<p>${pill('warn', 'not measured')} ${d.message}.</p>`)}`
  if (rows.length === 0 && unproven.length > 0) return gaps
  if (rows.length === 0)
    return html`<p>${pill('', 'not measured')} Mutants are not made of this platform's queries, so nothing is claimed of their tests.</p>`
  return html`${gaps}<p>Every clause of a query is dropped, negated, widened, narrowed or moved by one in turn. A clause is covered when a test
notices that it is changed; the mutation score is the share of all changes that some test notices.</p>
${wide(
  'Coverage and mutation',
  html`<table><thead><tr><th scope="col">Query</th><th scope="col">Clauses covered</th><th scope="col">Mutants noticed</th></tr></thead>
<tbody>${rows.map(
    ({
      file,
      coverage: c,
      mutation: m,
    }) => html`<tr><th scope="row"><code>${file}</code></th><td>${score(percent(c.covered, c.total), 100)} ${c.covered} of ${c.total}</td>
<td>${score(m.score, 90)} ${m.killed} of ${m.total}${m.equivalent > 0 && `, ${m.equivalent} equal to the query`}</td></tr>`,
  )}</tbody></table>`,
)}
${rows.map(
  ({ file, coverage: c, mutation: m }) => html`${
    c.uncovered.length > 0 &&
    html`<details><summary>Clauses of ${file} that no test notices (${c.uncovered.length})</summary><ul>${c.uncovered.map(
      (u) => html`<li>line ${u.line}: <code>${u.text}</code></li>`,
    )}</ul></details>`
  }
${
  c.outOfReach.length > 0 &&
  html`<details><summary>Clauses of ${file} counted as covered because no test is that large (${c.outOfReach.length})</summary><ul>${c.outOfReach.map(
    (u) => html`<li>line ${u.line}: <code>${u.text}</code> changes nothing up to ${u.rows} rows</li>`,
  )}</ul></details>`
}
${
  m.survivors.length > 0 &&
  html`<details><summary>Changes of ${file} that no test notices (${m.survivors.length})</summary><ul>${m.survivors.map(
    (s) =>
      html`<li>line ${s.line}, ${s.operator}: <code>${s.text}</code> ${s.after === '' ? 'gone' : html`→ <code>${s.after}</code>`}. <span class="soft">A test would need ${marked(s.wanted)}.</span></li>`,
  )}</ul></details>`
}`,
)}`
}

export const filesOf = ({ view }: Scope): string[] =>
  [view.platform.query, ...view.platform.companions.map((c) => c.file)].map(fileOf)

const score = (value: number, wanted: number): Html => pill(value >= wanted ? 'ok' : 'warn', shown(value))

/** Queries of other authors and the detection's own on the same telemetry. */
export function comparisonSection(scope: Scope): Html | undefined {
  const language = scope.view.language
  const all = scope.entry.compared.filter(({ page }) =>
    page.cases.some((c) => c.blocks.some((b) => b.kind === language)),
  )
  if (all.length === 0) return undefined
  return html`${all.map(
    ({ page, results, ours }) => html`<h3>${page.title}</h3>
${wide(
  page.title,
  html`<table class="tests"><thead><tr><th scope="col">Case</th><th scope="col">Query and outcome</th><th scope="col">Last result</th></tr></thead>
<tbody>${page.cases.map((c) => {
    const run = results.find((r) => r.line === c.line)
    // The file name in the page shows whose query it is.
    const queries = c.blocks.filter((b) => b.options.has('file')).map((b) => b.options.get('file') ?? '')
    const promises = promisesOf(page, c, page.source.name).filter((p) => p.file !== undefined)
    return html`<tr><th scope="row">${c.title}<p class="soft small">${marked(c.prose)}</p></th><td>${promises.map(
      (p) => {
        const name = queries.find((q) => inFolder(q, page.source.name) === p.file) ?? ''
        const own = ours.get(name)
        return html`${pill(p.kind === 'fires' ? 'acc' : '', WORD[p.kind])} <small>${own === undefined ? html`other: <code>${p.file}</code>` : html`ours: <code>${own}</code>`}</small><br>`
      },
    )}</td><td>${statusPill(run)}</td></tr>`
  })}</tbody></table>`,
)}`,
  )}`
}
