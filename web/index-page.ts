// The first page: coverage as a matrix, search, all detections.
import { allTechniques, attack, type Technique, tactics } from '../core/detect/attack/attack.ts'
import { type Html, html, jsonInScript } from './html.ts'
import { page } from './layout.ts'
import { type Entry, hasRule, isPassing, nameOf, plural, type Site, techniquePage, techniquesShown } from './model.ts'
import { detectionList, unknownStandings } from './sections/list.ts'
import { pill } from './sections/parts.ts'

export function indexPage(site: Site): string {
  const views = site.entries.flatMap((e) => e.views)
  const cases = site.entries.flatMap((e) => e.results)
  const passed = cases.filter((c) => c.status === 'passed').length
  const known = techniquesShown(site.entries).filter((id) => hasRule(site, id).length > 0)
  const proven = known.filter((id) => hasRule(site, id).some(isPassing))
  const facts: [string, string][] = [
    ['Detections', String(site.entries.length)],
    ['Queries by platform', String(views.length)],
    ['Techniques with a rule', String(known.length)],
    ['… with a passing test', String(proven.length)],
    ['Cases run', `${passed} of ${cases.length} pass`],
  ]
  return page(site, {
    url: 'index.html',
    title: site.title,
    description: 'Detections with their queries, tests and results.',
    contents: false,
    head: html`<h1>${site.title}</h1>
<p class="lead">Detections for SIEMs with what shows that they work: every query is run on recorded attack and benign telemetry, and every page says what was proven and what is not seen.</p>
<section id="found" aria-labelledby="found-title" hidden><h2 id="found-title">Search</h2><p id="count" role="status"></p><ul id="hits" class="hits"></ul></section>
<dl class="facts">${facts.map(([n, v]) => html`<div><dt>${n}</dt><dd>${v}</dd></div>`)}</dl>
`,
    sections: [
      { id: 'matrix', title: 'Coverage of ATT&CK', body: matrix(site) },
      {
        id: 'detections',
        title: 'Detections',
        body:
          site.entries.length === 0
            ? html`<p>This catalogue has no detections.</p>`
            : html`${detectionList(site.entries, '', 3)}${unknownStandings(site.entries)}`,
      },
      {
        id: 'data',
        title: 'For programs',
        body: html`<ul><li><a href="feed.xml">Atom feed</a> of new and changed detections</li>
<li><a href="search.json">Search index</a> (JSON)</li>
<li>ATT&amp;CK Navigator layers, format 4.5: <a href="layers/has-a-rule.json" download>has a rule</a>, <a href="layers/has-a-passing-test.json" download>has a passing test</a></li></ul>`,
      },
    ],
    data: html`<script type="application/json" id="index">${jsonInScript(searchIndex(site))}</script>`,
  })
}

/** All tactics, also those without a rule, so that the gaps are visible. */
function matrix(site: Site): Html {
  const living = allTechniques().filter((t) => t.revokedBy === undefined)
  const columns = tactics.map((tactic) => {
    const all = living.filter((t) => t.tactics.includes(tactic.shortname))
    const covered = all.filter((t) => hasRule(site, t.id).length > 0)
    return { tactic, all, covered }
  })
  return html`<p>A rule is not coverage: a technique counts as shown when a test in which the query must fire passes. Counts are techniques and sub-techniques of ATT&amp;CK ${attack.version}.</p>
<div class="matrix">${columns.map(({ tactic, all, covered }) => {
    const shown = covered.filter((t) => hasRule(site, t.id).some(isPassing))
    const none = covered.length === 0
    return html`<section class="tactic${none && ' none'}" aria-labelledby="${tactic.id}"><h3 id="${tactic.id}">${tactic.name}</h3>
<p>${none ? `no rule for any of ${all.length}` : `${covered.length} of ${all.length} have a rule, ${shown.length} a passing test`}</p>
${!none && html`<ul>${topLevel(covered).map((t) => cell(site, t, covered))}</ul>`}</section>`
  })}</div>`
}

const topLevel = (covered: readonly Technique[]): Technique[] =>
  [...new Set(covered.map((t) => t.parent ?? t.id))].sort().map(nameOf)

function cell(site: Site, t: Technique, covered: readonly Technique[]): Html {
  const subs = covered.filter((s) => s.parent === t.id)
  const own = hasRule(site, t.id)
  return html`<li><a href="${techniquePage(t.id)}">${t.id}</a> ${t.name} ${own.length > 0 && state(own)}${
    subs.length > 0 &&
    html`<ul>${subs.map((s) => html`<li><a href="${techniquePage(s.id)}">${s.id}</a> ${s.name} ${state(hasRule(site, s.id))}</li>`)}</ul>`
  }</li>`
}

function state(entries: readonly Entry[]): Html {
  const platforms = entries.flatMap((e) => e.views).filter((v) => v.standing !== 'not-executed')
  const passing = platforms.filter((v) => v.standing === 'passing')
  if (platforms.some((v) => v.standing === 'failing')) return pill('no', '✗ a test fails')
  const rest = [...new Set(platforms.filter((v) => v.standing !== 'passing').map((v) => v.short))]
  return passing.length > 0
    ? html`${pill('ok', `✓ ${passing.map((v) => v.short).join(', ')}`)}${rest.length > 0 && html` <span class="soft small">no passing test: ${rest.join(', ')}</span>`}`
    : pill('warn', plural(platforms.length, 'rule without a test', 'rules without a test'))
}

/** `u` address, `t` title, `p` platform, `k` techniques, `x` other words to search for. */
export const searchIndex = (site: Site) =>
  site.entries.flatMap((e) =>
    e.views.map((v) => ({
      u: v.url,
      t: e.detection.title,
      p: v.name,
      k: e.detection.attack.techniques,
      x: [
        e.detection.id,
        e.detection.summary,
        ...e.techniques.flatMap((t) => [t.name, ...(t.parent ? [nameOf(t.parent).name] : []), ...t.tactics]),
        ...v.platform.data_sources,
        ...v.platform.tables,
        ...v.platform.companions.flatMap((c) => [c.title, ...c.tables]),
        ...e.detection.false_positives.map((f) => f.id),
      ]
        .join(' ')
        .slice(0, 1500),
    })),
  )
