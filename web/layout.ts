// The frame of every page: head with the content security policy, header, table of contents, main, footer.
import { createHash } from 'node:crypto'
import { client } from './client.ts'
import { Html, html, type Part } from './html.ts'
import { attackNotice, plural, type Site } from './model.ts'
import { style } from './style.ts'

export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
}

export interface Page {
  /** From the root of the site. */
  readonly url: string
  readonly title: string
  readonly description: string
  /** The part above the sections: kicker, h1, summary. */
  readonly head: Html
  readonly sections: readonly Section[]
  /** Show a table of contents, if there are more than a few sections. */
  readonly contents: boolean
  readonly data?: Html
}

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** A page loads nothing. Its style and script are inline, and the policy allows them by their hashes. */
const POLICY = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(client)}; img-src data:; form-action 'self'; base-uri 'none'`

/** From a page to the root of the site. */
export const rootOf = (url: string): string => '../'.repeat(url.split('/').length - 1)

export function page(site: Site, p: Page): string {
  const root = rootOf(p.url)
  const contents = p.contents
    ? html`<nav class="toc" aria-labelledby="toc"><div><h2 id="toc">On this page</h2><ul>${p.sections.map(
        (s) => html`<li><a href="#${s.id}">${s.title}</a></li>`,
      )}</ul></div></nav>`
    : undefined
  const main: Part = p.sections.map(
    (s) => html`<section aria-labelledby="${s.id}"><h2 id="${s.id}">${s.title}</h2>
${s.body}
</section>
`,
  )
  return html`${new Html('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="description" content="${p.description}">
<title>${p.title}</title>
<link rel="icon" href="data:,">
<link rel="alternate" type="application/atom+xml" title="${site.title}" href="${root}feed.xml">
${site.base !== undefined && html`<link rel="canonical" href="${site.base}${p.url}">`}
<style>${new Html(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div>
<a class="brand" href="${root}index.html">${site.title}</a>
<nav aria-label="Site"><a href="${root}index.html#matrix">Coverage</a><a href="${root}index.html#detections">Detections</a><a href="${root}feed.xml">Feed</a></nav>
<form role="search" class="js-only" action="${root}index.html" method="get"><label class="vh" for="q">Search detections</label><input type="search" id="q" name="q" placeholder="Search  ( / )" autocomplete="off" spellcheck="false"></form>
</div></header>
<main id="main" class="page" tabindex="-1">
${p.head}${contents ? html`<div class="cols">${contents}<div>${main}</div></div>` : main}
</main>
<footer class="end"><div>
<p>${plural(site.entries.length, 'detection')}, as of ${site.date}. Tests, coverage and scores are of this build, by Assay ${site.version}.</p>
<p>MITRE ATT&amp;CK® ids and names: ${attackNotice} <a href="${root}NOTICE.txt">Licence</a></p>
</div></footer>
<p id="said" class="vh" role="status"></p>
${p.data}
<script>${new Html(client)}</script>
</body>
</html>
`.text
}
