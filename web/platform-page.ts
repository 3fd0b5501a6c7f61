// The page of a detection on a platform, with all facts about it.
import { placeholder } from '../core/diag/catalogue/scaffold.ts'
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { languageOfFile } from '../core/workbench/compile.ts'
import { type Html, html, type Part, prose } from './html.ts'
import { page, type Section } from './layout.ts'
import { paragraphs } from './markdown.ts'
import { type Entry, fileOf, type Site, techniquePage, type View } from './model.ts'
import { comparisonSection, filesOf, measuresOf, proofSection, testSection } from './sections/evidence.ts'
import { huntSection, investigationSection, playbookSection, validationSection } from './sections/guides.ts'
import {
  attackSection,
  blindSpotSection,
  changelogSection,
  dataSection,
  expectedSection,
  falsePositiveSection,
  referenceSection,
  relatedSection,
  scheduleSection,
} from './sections/knowledge.ts'
import { bullets, pill, type Scope, scopeOf, severityPill } from './sections/parts.ts'
import { querySection, portableSection } from './sections/query.ts'

type Part_ = readonly [id: string, title: string, body: (scope: Scope) => Html | undefined]

/** In the order in which an analyst needs them: description, requirements, evidence, guides. */
const PARTS: readonly Part_[] = [
  ['about', 'What it detects', ({ entry }) => paragraphs(entry.detection.description)],
  ['attack', 'MITRE ATT&CK', attackSection],
  ['query', 'Query', querySection],
  ['schedule', 'Schedule and trigger', scheduleSection],
  ['data', 'Data it needs', dataSection],
  ['false-positives', 'False positives and tuning', falsePositiveSection],
  ['expected', 'Expected findings', expectedSection],
  ['portable', 'Portable rule', portableSection],
  ['proof', 'Clause coverage and mutation', proofSection],
  ['tests', 'Tests and last results', testSection],
  ['comparison', 'Beside other queries', comparisonSection],
  ['validation', 'Validation tests', validationSection],
  ['playbook', 'Response playbook', playbookSection],
  ['investigation', 'Investigation guide', investigationSection],
  ['hunts', 'Hunts', huntSection],
  ['blind-spots', 'Blind spots', blindSpotSection],
  ['related', 'Other platforms and related', relatedSection],
  ['downloads', 'Downloads', downloadSection],
  ['references', 'References', referenceSection],
  ['changelog', 'Changelog', changelogSection],
]

export function platformPage(site: Site, entry: Entry, view: View): string {
  const scope = scopeOf(entry, view, site.entries)
  const sections = PARTS.flatMap(([id, title, body]): Section[] => {
    const made = body(scope)
    return made === undefined ? [] : [{ id, title, body: made }]
  })
  const { detection } = entry
  return page(site, {
    url: view.url,
    title: `${detection.title}, ${view.name} (${detection.attack.techniques.join(', ')})`,
    description: detection.summary,
    head: head(scope),
    sections,
    contents: true,
  })
}

function head(scope: Scope): Html {
  const { entry, view, root } = scope
  const { detection } = entry
  return html`<p class="kick">${entry.techniques.map(
    (t) => html`<a href="${root}${techniquePage(t.id)}">${t.id}</a> `,
  )}· ${view.name}</p>
<h1>${detection.title}</h1>
<p class="lead">${detection.summary}</p>
${drafted(detection.id, entry.folder.diagnostics)}<nav aria-label="Platforms"><ul class="tabs">${entry.views.map(
    (v) => html`<li><a href="${root}${v.url}"${v.id === view.id && html` aria-current="page"`}>${v.short}</a></li>`,
  )}</ul></nav>
<dl class="facts">${facts(scope).map(
    ([name, value, note]) =>
      html`<div><dt>${name}</dt><dd>${value}${note !== undefined && html`<small>${note}</small>`}</dd></div>`,
  )}</dl>
`
}

/** A note that marks a draft. Only `assay catalog serve` shows drafts. */
function drafted(id: string, said: readonly Diagnostic[]): Html | undefined {
  const files = said.filter((d) => d.code === placeholder.id)
  if (files.length === 0) return undefined
  return html`<div class="note draft"><p>${pill('warn', 'draft')} ${id} is not finished: text is still to be written, and no catalogue is built with it.</p>
${bullets(files.map((d) => prose(d.message)))}</div>
`
}

function facts(scope: Scope): [name: string, value: Part, note?: string][] {
  const { detection } = scope.entry
  const { tests, covered, noticed } = measuresOf(scope)
  return [
    ['Severity', severityPill(scope.view.platform.severity)],
    ['Confidence', scope.view.platform.confidence],
    ['Status', detection.status, `version ${detection.version}`],
    ['Tests', tests],
    ['Clauses covered', covered],
    ['Mutants noticed', noticed],
  ]
}

function downloadSection(scope: Scope): Html {
  const { entry, view, root } = scope
  const here = `detections/${entry.slug}`
  const own = new Set([
    ...filesOf(scope),
    ...entry.views.filter((v) => v.portable).map((v) => fileOf(v.platform.query)),
    ...entry.detection.validation.map(fileOf),
    ...[...entry.folder.files.keys()].filter((f) => f.startsWith('validation/')),
    ...[...entry.folder.files.keys()].filter(
      (f) => f.startsWith('tuning/') && (languageOfFile(f)?.platform.id ?? view.id) === view.id,
    ),
  ])
  const listed = [...own].filter((f) => entry.downloads.has(f))
  return html`<ul>${listed.map((f) => html`<li><a href="${root}${entry.downloads.get(f)}" download>${f}</a></li>`)}
<li><a href="${root}${here}/detection.json" download>detection.json</a> <span class="soft">everything on this page, for programs</span></li>
<li><a href="${root}${here}/ads.md" download>ads.md</a> <span class="soft">Alerting and Detection Strategy, after Palantir's framework</span></li>
</ul>`
}
