// The whole site: collected facts in, path → text out. Pure, except for the hash in layout.ts. The same input gives the same bytes.
import { ads } from './ads.ts'
import { feed } from './feed.ts'
import { indexPage, searchIndex } from './index-page.ts'
import type { CatalogueEntry } from '../core/detect/folder/catalogue-entry.ts'
import { entriesOf, type Site, techniquePage, techniquesShown } from './model.ts'
import { layers } from './navigator.ts'
import { platformPage } from './platform-page.ts'
import { record } from './record.ts'
import { hubPage } from './technique-page.ts'

export interface SiteOptions {
  readonly title: string
  readonly version: string
  readonly notice: string
  /** YYYY-MM-DD. Undefined: the date of the newest change. */
  readonly date: string | undefined
  /** http(s) address of the site's root. */
  readonly base: string | undefined
}

export function renderSite(known: readonly CatalogueEntry[], options: SiteOptions): Map<string, string> {
  const entries = entriesOf(known)
  const newest =
    entries
      .map((e) => e.detection.modified)
      .sort()
      .at(-1) ?? '1970-01-01'
  const base = options.base?.replace(/\/*$/, '/')
  const site: Site = { ...options, base, entries, date: options.date ?? newest }
  const files = new Map<string, string>([
    ['index.html', indexPage(site)],
    ['feed.xml', feed(site)],
    ['search.json', json(searchIndex(site))],
    ['NOTICE.txt', options.notice],
    ...layers(site).map((l): [string, string] => [l.file, json(l.json)]),
    ...techniquesShown(entries).map((id): [string, string] => [techniquePage(id), hubPage(site, id)]),
  ])
  for (const e of entries) {
    for (const v of e.views) files.set(v.url, platformPage(site, e, v))
    files.set(`detections/${e.slug}/detection.json`, json(record(site, e)))
    files.set(`detections/${e.slug}/ads.md`, ads(e))
    for (const [path, to] of e.downloads) files.set(to, e.folder.files.get(path) ?? '')
  }
  return files
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
