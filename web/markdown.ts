// Markdown of a detection's folder: playbook, investigation, hunts, prose. Raw HTML and images are off. Links lead only to the web and to
// files of the folder.
import MarkdownIt from 'markdown-it'
import { inFolder } from '../core/detect/folder/folder-names.ts'
import { parseTable } from '../core/detect/case/result-table.ts'
import { languageNamed } from '../core/workbench/compile.ts'
import { codeBlock } from './code.ts'
import { Html, html, prose, webAddress } from './html.ts'

export interface Place {
  /** The file in its folder. */
  readonly path: string
  /** Level of the page's first heading: 3 in a section with an h2. */
  readonly level: 3 | 4
  /** The address of a file of the folder, relative to this page. Undefined: the site has no such file. */
  readonly address: (file: string) => string | undefined
  /** Prefix of the ids of headings, so that the ids of several Markdown pages on one page differ. */
  readonly prefix: string
}

/** A page without its title, because the section has one. */
export function markdown(text: string, place: Place): Html {
  const md = new MarkdownIt({ html: false, linkify: false, typographer: false })
  // `linkify` stays off: a host name in prose about an attack must not become a link.
  md.disable(['image', 'html_block', 'html_inline'])
  md.validateLink = () => true
  const tokens = md.parse(text, {})
  const ids = new Set<string>()
  const titled = tokens[0]?.type === 'heading_open' && tokens[0].tag === 'h1' ? tokens.slice(3) : tokens
  const levels = new Levels(place.level)
  const top = Math.min(...titled.flatMap((t) => (t.type === 'heading_open' ? [Number(t.tag[1])] : [])), 6)
  for (const [i, token] of titled.entries()) {
    if (token.type === 'heading_open' || token.type === 'heading_close') {
      const open = token.type === 'heading_open'
      token.tag = `h${open ? levels.next(Number(token.tag[1]) - top + place.level) : levels.last}`
      if (open) token.attrSet('id', anchorOf(titled[i + 1]?.content ?? '', place.prefix, ids))
    }
    // An empty heading cell, in the corner of a table, is no heading.
    if (token.type === 'th_open' && titled[i + 1]?.content === '') {
      token.tag = 'td'
      const close = titled[i + 2]
      if (close) close.tag = 'td'
    }
    if (token.type === 'inline')
      token.children?.forEach((child, n) => {
        if (child.type === 'link_open') relink(child, token.children?.slice(n) ?? [], place)
      })
  }
  md.renderer.rules['fence'] = (all, i) => fence(all[i]?.info ?? '', all[i]?.content ?? '', place).text
  md.renderer.rules['code_block'] = (all, i) => fence('', all[i]?.content ?? '', place).text
  md.renderer.rules['table_open'] = () => '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'
  md.renderer.rules['table_close'] = () => '</table></div>'
  return new Html(md.renderer.render(titled, md.options, {}))
}

/** The levels of headings without gaps: a heading that skips a level gets the skipped level. */
class Levels {
  /** Written and shown level of the headings that can be parents of the next heading. */
  readonly #open: { readonly written: number; readonly shown: number }[] = []
  readonly #first: number
  last: number

  constructor(first: number) {
    this.#first = first
    this.last = first
  }

  next(written: number): number {
    while ((this.#open.at(-1)?.written ?? 0) >= written) this.#open.pop()
    this.last = Math.min(6, (this.#open.at(-1)?.shown ?? this.#first - 1) + 1)
    this.#open.push({ written, shown: this.last })
    return this.last
  }
}

function anchorOf(title: string, prefix: string, taken: Set<string>): string {
  const base = `${prefix}-${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)}`
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`
  taken.add(id)
  return id
}

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number]

/** Turns a link into one to another site, to a file of the folder, or into text. */
function relink(open: Token, rest: readonly Token[], place: Place): void {
  const target = String(open.attrGet('href') ?? '')
  const web = webAddress(target)
  const file = inFolder(target.replace(/#.*$/s, ''), place.path)
  const address = web ?? (file === undefined ? undefined : place.address(file))
  if (address !== undefined) {
    open.attrs = [['href', address], ...(web === undefined ? [] : [['rel', 'noreferrer noopener'] as [string, string]])]
    return
  }
  open.tag = 'span'
  open.attrs = null
  const close = rest.find((t) => t.type === 'link_close')
  if (close) close.tag = 'span'
}

function fence(info: string, body: string, place: Place): Html {
  const [kind = '', ...words] = info.trim().split(/\s+/)
  const file = words.find((w) => w.startsWith('file='))?.slice('file='.length)
  const path = file === undefined ? undefined : inFolder(file, place.path)
  const address = path === undefined ? undefined : place.address(path)
  if (kind === 'events' || kind === 'raw') return telemetry(body, file, address ?? place.address(place.path))
  if (kind === 'result' || kind === 'fires') return findings(body)
  if (kind === 'quiet') return html`<p class="promise">Finds nothing here.</p>`
  if (kind === 'clock' || kind === 'lookup') return html``
  const language = languageNamed(kind)
  if (!language) return codeBlock({ text: body, language: kind, label: kind || 'text' })
  const values = words.filter((w) => w.startsWith('?')).map((w) => html` <code>${w}</code>`)
  return codeBlock({
    text: body,
    language: kind,
    label: `${language.title} query`,
    ...(values.length > 0 && { caption: html`${language.title}, with${values}` }),
  })
}

const telemetry = (body: string, file: string | undefined, address: string | undefined): Html => {
  const n = body.split('\n').filter((l) => l.trim() !== '').length
  const what =
    file === undefined ? `${n} ${n === 1 ? 'line' : 'lines'} of telemetry` : html`Telemetry of <code>${file}</code>`
  return html`<p class="promise">${what}${address !== undefined && html` (<a href="${address}" download>download</a>)`}</p>`
}

const ROWS = 12

/** The result table of a case. */
export function findings(body: string): Html {
  if (body.trim() === '') return html`<p class="promise">Finds it.</p>`
  const { columns, rows } = parseTable(body)
  if (rows.length === 0) return html`<p class="promise">Finds nothing here.</p>`
  return html`<div class="wide" tabindex="0" role="group" aria-label="Findings"><table class="rows">
<thead><tr>${columns.map((c) => html`<th scope="col">${c.id}</th>`)}</tr></thead>
<tbody>${rows.slice(0, ROWS).map((r) => html`<tr>${r.map(cell)}</tr>`)}</tbody>
</table></div>${rows.length > ROWS && html`<p class="promise">${rows.length - ROWS} more rows in the file.</p>`}`
}

/** Longer cells, in characters, are wrapped. */
const LONG = 44

function cell(text: string): Html {
  if (text === 'null') return html`<td><span class="nil">none</span></td>`
  // A cell that could be misread is a JSON string. A text of several lines is a list.
  const value = /^".*"$/.test(text) ? unquoted(text).replaceAll('\n', ', ') : text
  return value.length > LONG ? html`<td class="long">${value}</td>` : html`<td>${value}</td>`
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

/** Prose of a few paragraphs, in which Markdown has no meaning. */
export const paragraphs = (text: string): Html =>
  html`${text
    .trim()
    .split(/\n\s*\n/)
    .map((p) => html`<p>${prose(p)}</p>`)}`
