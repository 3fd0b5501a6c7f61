// The queries of a platform: text, diagnostics of the linter, companions, the portable rule.
import { positionAt } from '../../core/text/source.ts'
import type { Diagnostic } from '../../core/diag/diagnostic.ts'
import { type Html, html, prose } from '../html.ts'
import { fileOf } from '../model.ts'
import { download, fileBlock, pill, type Scope, severityPill, standingPill } from './parts.ts'

const codeOf = (file: string): string => (/\.ya?ml$/i.test(file) ? 'yaml' : file)

export function querySection(scope: Scope): Html {
  const { view } = scope
  const file = fileOf(view.platform.query)
  const { companions } = view.platform
  return html`<p>${prose(view.platform.about)}</p>
${fileBlock(scope, file, codeOf(file), `${view.name} query`)}
${checks(scope, file)}
${
  companions.length > 0 &&
  html`<h3>Companion queries</h3>
<p class="soft small">For what the main query is blind to. Deploy them beside it.</p>`
}
${companions.map((c) => {
  const path = fileOf(c.file)
  return html`<h4>${c.title}</h4>
<p>${prose(c.why)} Severity ${severityPill(c.severity)} confidence ${pill('', c.confidence)} reads ${c.tables.join(', ')}.</p>
${fileBlock(scope, path, codeOf(path), c.title, true)}
${checks(scope, path)}`
})}`
}

/** The diagnostics of `assay lint` for a query. Files in a language without a parser have none. */
function checks({ entry }: Scope, file: string): Html | undefined {
  const said = entry.lints.get(file)
  if (!said) return undefined
  if (said.length === 0)
    return html`<p class="promise">${pill('ok', '✓ lint')} The linter has nothing to say of this query.</p>`
  return html`<ul class="items" aria-label="Diagnostics of ${file}">${said.map((d) => diagnostic(d))}</ul>`
}

const KIND = { error: 'no', warning: 'warn', info: '' } as const

function diagnostic(d: Diagnostic): Html {
  const line = d.at.kind === 'text' ? positionAt(d.at.source.text, d.at.span.start).line : undefined
  return html`<li><p>${pill(KIND[d.severity], `${d.severity} ${d.code}`)} ${line !== undefined && `line ${line}: `}${prose(d.message)}</p>
<p class="soft small">${prose(d.why)} To do: ${prose(d.remedy)}</p></li>`
}

/** The portable rule, on the pages of the other platforms. */
export function portableSection(scope: Scope): Html | undefined {
  const rule = scope.entry.views.find((v) => v.portable)
  if (!rule || scope.view.portable) return undefined
  const file = fileOf(rule.platform.query)
  const to = download(scope, file)
  return html`<p>${prose(rule.platform.about)}</p>
<p><a href="${scope.root}${rule.url}">The rule, its tests and results</a>${to !== undefined && html` · <a href="${to}" download>Download ${file}</a>`} ${standingPill(rule.standing)}</p>`
}
