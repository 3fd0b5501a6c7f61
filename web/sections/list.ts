// Detections as a list: on the index and on the hubs.
import { type Html, html, Html as Raw } from '../html.ts'
import { type Entry, isDraft } from '../model.ts'
import { pill, standingPill } from './parts.ts'

/** Title, state and summary of a detection. */
export function titled(e: Entry, root: string, level: 3 | 4): Html {
  const first = e.views[0]
  const heading = new Raw(`h${level}`)
  return html`<${heading}>${first ? html`<a href="${root}${first.url}">${e.detection.title}</a>` : e.detection.title}${isDraft(e) && html` ${pill('warn', 'draft')}`}</${heading}>
<p class="soft small">${e.detection.attack.techniques.join(', ')} · ${e.detection.status} · version ${e.detection.version}, ${e.detection.modified}</p>
<p>${e.detection.summary}</p>`
}

export const detectionList = (entries: readonly Entry[], root: string, level: 3 | 4): Html =>
  html`<ul class="dets">${entries.map(
    (e) => html`<li><div>${titled(e, root, level)}</div>
<table class="on"><caption class="vh">${e.detection.title}, by platform</caption><tbody>${e.views.map(
      (v) =>
        html`<tr><th scope="row"><a href="${root}${v.url}">${v.name}</a></th><td>${v.platform.severity} severity, ${v.platform.confidence} confidence</td><td>${standingPill(v.standing)}</td></tr>`,
    )}</tbody></table></li>`,
  )}</ul>`

/** A note, if a detection is untested: untested does not mean bad. */
export const unknownStandings = (entries: readonly Entry[]): Html | undefined =>
  entries.some((e) => e.views.some((v) => v.standing === 'untested'))
    ? html`<p class="soft small">“Not tested”: no case of the detection runs this query.</p>`
    : undefined
