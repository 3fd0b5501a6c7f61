// The hub of a technique: its detections by platform, with their evidence.
import { allTechniques, techniqueUrl } from '../core/detect/attack/attack.ts'
import { external, type Html, html, joined, type Part } from './html.ts'
import { page, rootOf } from './layout.ts'
import { type Entry, hasRule, nameOf, plural, type Site, tacticName, techniquePage } from './model.ts'
import { measuresOf } from './sections/evidence.ts'
import { titled, unknownStandings } from './sections/list.ts'
import { scopeOf, severityPill, standingPill, wide } from './sections/parts.ts'

export function hubPage(site: Site, id: string): string {
  const t = nameOf(id)
  const url = techniquePage(id)
  const root = rootOf(url)
  const own = hasRule(site, id)
  const subs = allTechniques().filter((s) => s.parent === id && s.revokedBy === undefined)
  const under = subs.filter((s) => hasRule(site, s.id).length > 0)
  const parent = t.parent === undefined ? undefined : nameOf(t.parent)
  const versions = [...new Set(site.entries.map((e) => e.detection.attack.version))]
  return page(site, {
    url,
    title: `${id} ${t.name}`,
    description: `Detections of ${id} ${t.name}, with the results of their tests.`,
    contents: false,
    head: html`<p class="kick">MITRE ATT&amp;CK${parent && html` · <a href="${root}${techniquePage(parent.id)}">${parent.id}</a> ${parent.name}`}</p>
<h1>${id} ${t.name}</h1>
<dl class="kv"><dt>Tactic</dt><dd>${joined(
      t.tactics.map((s): Part => tacticName(s)),
      ', ',
    )}</dd><dt>Canonical reference</dt><dd>${external(techniqueUrl(id))}</dd><dt>ATT&amp;CK version</dt><dd>${versions.join(', ')} (Enterprise)</dd></dl>
`,
    sections: [
      {
        id: 'detections',
        title: own.length === 0 ? 'No detection of the technique as a whole' : plural(own.length, 'detection'),
        body:
          own.length === 0
            ? html`<p>Only sub-techniques have rules here.</p>`
            : html`${own.map((e) => detection(site, e, root))}${unknownStandings(own)}`,
      },
      ...(subs.length > 0
        ? [
            {
              id: 'sub-techniques',
              title: 'Sub-techniques',
              body: html`<p class="soft">${under.length} of ${subs.length} have a rule.</p><ul>${subs.map((s) =>
                under.includes(s)
                  ? html`<li><a href="${root}${techniquePage(s.id)}">${s.id}</a> ${s.name}</li>`
                  : html`<li class="soft">${s.id} ${s.name}: no rule</li>`,
              )}</ul>`,
            },
          ]
        : []),
    ],
  })
}

/** A detection with its measured facts, platform by platform. */
function detection(site: Site, entry: Entry, root: string): Html {
  const { title, false_positives, tuning, blind_spots, validation, hunts } = entry.detection
  const rows = entry.views.map((v) => {
    const { tests, covered, noticed } = measuresOf(scopeOf(entry, v, site.entries))
    const { severity, confidence, tables } = v.platform
    return html`<tr><th scope="row"><a href="${root}${v.url}">${v.name}</a></th><td data-l="Severity">${severityPill(severity)}</td><td data-l="Confidence">${confidence}</td><td data-l="Standing">${standingPill(v.standing)}</td><td data-l="Tests">${tests}</td><td data-l="Clauses covered">${covered}</td><td data-l="Mutants noticed">${noticed}</td><td data-l="Reads">${tables.join(', ')}</td></tr>
`
  })
  const known = [
    plural(false_positives.length, 'known false positive'),
    plural(tuning.length, 'tuning'),
    plural(blind_spots.length, 'stated blind spot'),
    plural(hunts.length, 'hunt'),
    plural(validation.length, 'file of validation tests', 'files of validation tests'),
  ]
  return html`<div class="det">${titled(entry, root, 3)}
${wide(
  title,
  html`<table><thead><tr><th scope="col">Platform</th><th scope="col">Severity</th><th scope="col">Confidence</th><th scope="col">Standing</th><th scope="col">Tests</th><th scope="col">Clauses covered</th><th scope="col">Mutants noticed</th><th scope="col">Reads</th></tr></thead>
<tbody>${rows}</tbody></table>`,
)}
<p class="soft small">${known.join(' · ')}</p></div>
`
}
