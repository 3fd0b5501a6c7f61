// Small things that several sections show.
import type { Standing } from '../../core/detect/folder/evidence.ts'
import { codeBlock } from '../code.ts'
import { type Html, html, type Part } from '../html.ts'
import { rootOf } from '../layout.ts'
import type { Run } from '../../core/detect/folder/catalogue-entry.ts'
import type { Entry, View } from '../model.ts'

/** The input of a section of a platform's page. */
export interface Scope {
  readonly entry: Entry
  readonly view: View
  readonly all: readonly Entry[]
  /** From this page to the root of the site. */
  readonly root: string
}

export const scopeOf = (entry: Entry, view: View, all: readonly Entry[]): Scope => ({
  entry,
  view,
  all,
  root: rootOf(view.url),
})

/** The download address of a file of the folder, relative to this page. */
export const download = ({ entry, root }: Scope, path: string): string | undefined => {
  const at = entry.downloads.get(path)
  return at === undefined ? undefined : root + at
}

export const pill = (kind: 'acc' | 'no' | 'ok' | 'warn' | '', text: string): Html =>
  html`<span class="pill${kind && ` ${kind}`}">${text}</span>`

const STATUS: Readonly<Record<Run['status'], readonly ['no' | 'ok' | 'warn' | '', string]>> = {
  failed: ['no', '✗ failed'],
  passed: ['ok', '✓ passed'],
  skipped: ['', 'skipped'],
  todo: ['warn', 'to do'],
}
export const statusPill = (run: Run | undefined): Html => (run ? pill(...STATUS[run.status]) : pill('', 'not run'))

const STANDING: Readonly<Record<Standing, readonly ['no' | 'ok' | 'warn' | '', string]>> = {
  failing: ['no', '✗ a test fails'],
  'not-executed': ['', 'not executed'],
  passing: ['ok', '✓ passing test'],
  'quiet-only': ['warn', 'only shown quiet'],
  untested: ['', 'not tested'],
}
export const standingPill = (standing: Standing): Html => pill(...STANDING[standing])

const LEVEL: Readonly<Record<string, 'acc' | 'no' | 'warn' | ''>> = { critical: 'no', high: 'no', medium: 'warn' }
export const severityPill = (level: string): Html => pill(LEVEL[level] ?? '', level)

export const chips = (items: readonly string[]): Html =>
  html`<ul class="chips">${items.map((i) => html`<li>${i}</li>`)}</ul>`
export const bullets = (items: readonly Part[]): Html => html`<ul>${items.map((i) => html`<li>${i}</li>`)}</ul>`

/** A file of the folder as a block of code. */
export const fileBlock = (
  scope: Scope,
  path: string,
  language: string,
  label: string,
  capped = false,
): Html | undefined => {
  const text = scope.entry.folder.files.get(path)
  return text === undefined
    ? undefined
    : codeBlock({ text, language, label, caption: html`<code>${path}</code>`, download: download(scope, path), capped })
}

export const wide = (label: string, table: Part): Html =>
  html`<div class="wide" tabindex="0" role="group" aria-label="${label}">${table}</div>`
