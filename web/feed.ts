// An Atom feed (RFC 4287) of versions: one entry for each in a detection's changelog, newest first.
import { escaped } from './html.ts'
import type { Site } from './model.ts'

const LATEST = 50

export function feed(site: Site): string {
  const base = site.base ?? ''
  const all = site.entries.flatMap((e) => e.detection.changelog.map((change) => ({ e, change })))
  const key = ({ e, change }: (typeof all)[number]) => `${change.date} ${e.detection.id} ${change.version}`
  const latest = all.toSorted((a, b) => (key(a) < key(b) ? 1 : -1)).slice(0, LATEST)
  const entries = latest.map(({ e, change }) => {
    const { detection: d } = e
    return `  <entry>
    <id>${urn(`${d.id}:${change.version}`)}</id>
    <title>${escaped(`${d.attack.techniques[0]} ${d.title} ${change.version}`)}</title>
    <updated>${instant(change.date)}</updated>
    <author><name>${escaped(d.author.join(', '))}</name></author>
${e.views.map((v, i) => `    <link rel="${i === 0 ? 'alternate' : 'related'}" type="text/html" title="${escaped(v.name)}" href="${escaped(base + v.url)}"/>\n`).join('')}    <summary>${escaped(change.what.join(' '))}</summary>
${d.attack.techniques.map((t) => `    <category term="${escaped(t)}" scheme="https://attack.mitre.org/techniques"/>\n`).join('')}  </entry>
`
  })
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"${site.base === undefined ? '' : ` xml:base="${escaped(site.base)}"`}>
  <id>${site.base === undefined ? urn('catalogue') : escaped(`${site.base}feed.xml`)}</id>
  <title>${escaped(site.title)}</title>
  <updated>${instant(latest[0]?.change.date ?? site.date)}</updated>
  <author><name>${escaped(site.title)}</name></author>
  <link rel="self" type="application/atom+xml" href="${escaped(`${base}feed.xml`)}"/>
  <link rel="alternate" type="text/html" href="${escaped(`${base}index.html`)}"/>
  <generator version="${escaped(site.version)}">Assay</generator>
${entries.join('')}</feed>
`
}

const instant = (date: string): string => `${date}T00:00:00Z`
const urn = (name: string): string => `urn:assay:${encodeURIComponent(name.toWellFormed()).replaceAll('%3A', ':')}`
