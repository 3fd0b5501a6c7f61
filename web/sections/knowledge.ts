// Facts about a detection besides its queries: mapping, schedule, telemetry, false positives, blind spots, relations, history.
import { anchor } from '../../core/detect/folder/folder-names.ts'
import { type CaseEvidence, type Silenced, silencedIn } from '../../core/detect/folder/evidence.ts'
import { techniqueUrl } from '../../core/detect/attack/attack.ts'
import { relatedTo } from '../../core/detect/folder/checks/relations.ts'
import type { Detection } from '../../core/detect/folder/schema.ts'
import { external, type Html, html, joined, type Part, prose } from '../html.ts'
import { fileOf, nameOf, plural, tacticName, tacticUrl, techniquePage, type View } from '../model.ts'
import { bullets, chips, download, pill, type Scope, standingPill } from './parts.ts'

export function attackSection({ entry, root }: Scope): Html {
  const { version } = entry.detection.attack
  return html`${entry.techniques.map((t) => {
    const parent = t.parent === undefined ? undefined : nameOf(t.parent)
    const own = (id: string, name: string) => html`<a href="${root}${techniquePage(id)}">${id}</a> ${name}`
    return html`<dl class="kv">
<dt>Tactic</dt><dd>${joined(
      t.tactics.map((s): Part => external(tacticUrl(s) ?? '', tacticName(s))),
      ', ',
    )}</dd>
<dt>Technique</dt><dd>${parent ? own(parent.id, parent.name) : own(t.id, t.name)}</dd>
${parent && html`<dt>Sub-technique</dt><dd>${own(t.id, t.name)}</dd>`}
<dt>Canonical reference</dt><dd>${external(techniqueUrl(t.id))}</dd>
<dt>ATT&amp;CK version</dt><dd>${version} (Enterprise)</dd>
</dl>`
  })}`
}

export function scheduleSection({ entry }: Scope): Html {
  const { schedule, trigger, entity, suppression } = entry.detection
  return html`<dl class="kv">
<dt>Lookback</dt><dd>${schedule.lookback}</dd>
<dt>Runs every</dt><dd>${schedule.frequency}</dd>
<dt>Ends before now</dt><dd>${schedule.delay}${!/^0+\D$/.test(schedule.delay) && ', so that late events are seen'}</dd>
<dt>Trigger</dt><dd>${trigger.when}</dd>
<dt>Threshold</dt><dd>more than ${trigger.more_than} within ${schedule.lookback}${
    trigger.slowest !== undefined && `; still reached at one event per ${trigger.slowest}`
  }</dd>
<dt>Entity</dt><dd>${chips(entity)}</dd>
<dt>Suppression</dt><dd>findings that agree in these columns are one for ${suppression.for} ${chips(suppression.by)}</dd>
</dl>`
}

export function dataSection({ view }: Scope): Html {
  const { data_sources: sources, tables, log_settings: settings } = view.platform
  return html`<h3>Data sources</h3>${bullets(sources)}
<h3>Tables</h3>${chips(tables)}
<h3>Log settings</h3>${bullets(settings)}`
}

export function falsePositiveSection(scope: Scope): Html {
  const { entry, view } = scope
  const { false_positives: all, tuning } = entry.detection
  const main = fileOf(view.platform.query)
  const measured = all.map((f) => silencedIn(f.id, casesOf(entry.evidence, f.tests), view.language, main))
  return html`<ul class="items">${all.map(
    (f, i) =>
      html`<li id="fp-${f.id}"><p>${prose(f.what)}</p><p class="soft small">${effect(measured[i] as Silenced)}${
        f.tuning.length > 0 &&
        html` Tuning: ${joined(
          f.tuning.map((id): Part => html`<a href="#tuning-${id}">${id}</a>`),
          ', ',
        )}.`
      }</p></li>`,
  )}</ul>
${tuning.length > 0 && html`<h3>Tuning</h3>`}
${tuning.map((t) => {
  const concerned = all.flatMap((f, i) => (f.tuning.includes(t.id) ? [measured[i] as Silenced] : []))
  const tests = casesOf(entry.evidence, t.tests).filter((e) => e.promises.some((p) => p.language === view.language))
  const kept = tests.filter((e) => e.run?.status === 'passed')
  const off = concerned.filter((s) => s.silenced > 0 && s.reported === 0).length
  return html`<div class="note" id="tuning-${t.id}"><h4>${t.id}</h4><p>${prose(t.what)}</p>
<dl class="kv"><dt>How</dt><dd>${prose(t.how)}</dd><dt>Cost</dt><dd>${prose(t.cost)}</dd>
<dt>Measured</dt><dd>${
    off > 0
      ? `silences ${off} of the ${plural(concerned.length, 'false positive')} it is meant for, in the benign tests of this page`
      : 'no benign test of this page measures it'
  }${
    tests.length > 0 &&
    html`; what it must leave alone: ${tests.map(
      (e) => html`<br>${e.case.title} ${pill(e.run?.status === 'passed' ? 'ok' : 'no', e.run?.status ?? 'not run')}`,
    )}`
  }${tests.length > 0 && kept.length === 0 && ' (none holds)'}</dd>${onTraffic(t, scope)}</dl></div>`
})}`
}

const effect = ({ silenced, quiet, reported }: Silenced): Part =>
  silenced + quiet + reported === 0
    ? [pill('', 'not measured'), ' No test of this platform has it.']
    : [
        silenced > 0 && [
          pill('ok', 'silenced'),
          ` Reported by the query, silenced by the tuning (${plural(silenced, 'test')}).`,
        ],
        quiet > 0 && [pill('ok', 'quiet'), ` The query stays quiet (${plural(quiet, 'test')}).`],
        reported > 0 && [
          pill('warn', 'reported'),
          ` The query reports it, and no tuning is shown to silence it (${plural(reported, 'test')}).`,
        ],
      ]

/** Cases by `tests/PAGE.case.md#title`. A page without a title names all of its cases. */
function casesOf<E extends CaseEvidence>(all: readonly E[], references: readonly string[]): E[] {
  return references.flatMap((r) => {
    const [page = '', title] = r.split(/#(.*)/s)
    return all.filter((e) => e.page === fileOf(page) && (title === undefined || anchor(e.case.title) === anchor(title)))
  })
}

export function blindSpotSection(scope: Scope): Html {
  const known = new Map(scope.all.map((e) => [e.detection.id, e]))
  const covered = (name: string): Part => {
    const other = known.get(name)?.views[0]
    const to = other ? scope.root + other.url : download(scope, fileOf(name))
    return to === undefined ? html`<code>${name}</code>` : html`<a href="${to}">${name}</a>`
  }
  return html`<ul class="items">${scope.entry.detection.blind_spots.map(
    (b) =>
      html`<li><p>${prose(b.what)}</p><p class="soft small">${prose(b.why)}${
        b.covered_by.length > 0 && html` Seen by ${joined(b.covered_by.map(covered), ', ')}.`
      }</p></li>`,
  )}</ul>`
}

export function relatedSection({ entry, all, root, view }: Scope): Html {
  const known = new Map(all.map((e) => [e.detection.id, e]))
  const related = relatedTo(
    entry.detection,
    [...known.values()].map((e) => e.detection),
  )
  const others = entry.views.filter((v) => v.id !== view.id)
  return html`${
    others.length > 0 &&
    html`<h3>Other platforms</h3><ul>${others.map(
      (v) => html`<li><a href="${root}${v.url}">${v.name}</a> ${standingPill(v.standing)}</li>`,
    )}</ul>`
  }
<h3>Related detections</h3>
${
  related.length === 0
    ? html`<p class="soft">None in this catalogue.</p>`
    : html`<ul>${related.map((r) => {
        const other = known.get(r.id)
        const at = other?.views.find((v) => v.id === view.id) ?? other?.views[0]
        return html`<li>${at ? html`<a href="${root}${at.url}">${other?.detection.title}</a>` : r.id} <span class="soft">${r.because}</span></li>`
      })}</ul>`
}`
}

export const referenceSection = ({ entry }: Scope): Html | undefined =>
  entry.detection.references.length === 0
    ? undefined
    : bullets(
        entry.detection.references.map((r) => [
          external(r.url, r.title, true),
          html` <span class="soft small">${r.url}</span>`,
        ]),
      )

export const changelogSection = ({ entry }: Scope): Html => html`${entry.detection.changelog.map(
  (c) => html`<h3>${c.version} <span class="soft small">${c.date}</span></h3>${bullets(c.what)}`,
)}
<p class="soft small">Created ${entry.detection.created}, modified ${entry.detection.modified}, by ${entry.detection.author.join(', ')}.</p>`

type Expected = NonNullable<NonNullable<Detection['expected']>[View['id']]>
type Measured = Pick<Expected['evidence'], 'assay' | 'command' | 'days' | 'megabytes' | 'telemetry'>

/** Findings per day of a backtest, with the telemetry that it read. */
export function expectedSection({ entry, view }: Scope): Html | undefined {
  const own = entry.detection.expected?.[view.id]
  if (!own) return undefined
  const { evidence: e } = own
  const facts: [name: string, value: string, note: string][] = [
    ['Findings per day', number(own.findings_per_day), 'rows of all runs'],
    ['Alerts per day', number(own.alerts_per_day), 'what suppression leaves of them'],
    ['In all', plural(e.alerts, 'alert'), `of ${number(e.findings)} findings in ${plural(e.runs, 'run')}`],
    ['Missed', number(e.missed), 'between two runs'],
  ]
  return html`<dl class="facts">${facts.map(
    ([name, value, note]) => html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`,
  )}</dl>
${measuredOn(e)}`
}

/** The telemetry of a measurement, without which a rate has no meaning. */
const measuredOn = ({ assay, command, days, megabytes, telemetry }: Measured): Html =>
  html`<p class="soft small">Measured by Assay ${assay} on ${number(megabytes)} MB, ${plural(days, 'day')}: ${prose(telemetry)}${
    command !== undefined && html` Made by <code>${command}</code>.`
  }</p>`

const number = (n: number): string => n.toLocaleString('en-US')

/** The effect of a tuning on the telemetry of a backtest. */
const onTraffic = (t: Detection['tuning'][number], { view }: Scope): Part =>
  t.evidence
    .filter((e) => e.platform === view.id)
    .map((e) => {
      const { kept, lost } = e.attack_tests
      return html`<dt>On traffic</dt><dd>Findings: ${number(e.findings.without)} → ${number(e.findings.with)}. Alerts: ${number(e.alerts.without)} → ${number(e.alerts.with)}.
${lost === 0 ? pill('ok', 'attacks kept') : pill('no', 'attacks lost')} ${kept} of ${plural(kept + lost, 'attack test')} ${kept + lost === 1 ? 'keeps' : 'keep'} all findings.
${measuredOn(e)}</dd>`
    })
