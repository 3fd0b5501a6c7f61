// assay catalog: detections as a static site, built or served.
import { existsSync } from 'node:fs'
import { notADate, notASite } from '../core/diag/catalogue/publish.ts'
import { type Diagnostic, noPlace, diagnostic } from '../core/diag/diagnostic.ts'
import { type Evidence, type Gathered, gatherCatalogue, readNotice } from '../engine/site/catalogue.ts'
import { cannotPublish, publish } from '../engine/site/publish.ts'
import { serve as listen } from '../engine/site/serve.ts'
import { whenChanged } from '../engine/project/watch.ts'
import { webAddress } from '../web/html.ts'
import { renderSite } from '../web/site.ts'
import { diagnosticsToJson, plural, printDiagnostics, toJson } from './diagnostics-output.ts'
import { progress } from './progress.ts'
import type { Io } from './io.ts'

const COMPARISONS = 'conformance/detect'

interface SiteOptions {
  readonly title: string
  readonly baseUrl?: string
  readonly date?: string
  readonly comparisons?: readonly string[]
  readonly root: readonly string[]
  readonly mutation: boolean
}

export interface BuildOptions extends SiteOptions {
  readonly out: string
  readonly format: 'json' | 'text'
}

export interface ServeOptions extends SiteOptions {
  readonly port: string
}

export async function build(io: Io, version: string, paths: readonly string[], options: BuildOptions): Promise<number> {
  const wrong = wrongOptions(options)
  const refused = cannotPublish(options.out)
  if (refused) wrong.push(refused)
  if (wrong.length > 0) return ended(io, wrong, options)
  const gathered = await gather(io, paths, options)
  if (hasErrors(gathered.diagnostics)) return ended(io, gathered.diagnostics, options)
  const files = site(version, gathered, options)
  const unwritten = publish(files, options.out)
  const diagnostics = unwritten ? [...gathered.diagnostics, unwritten] : gathered.diagnostics
  if (unwritten) return ended(io, diagnostics, options)
  const failed = failures(gathered)
  const pages = [...files.keys()].filter((f) => f.endsWith('.html')).length
  if (options.format === 'text') {
    printDiagnostics(io, diagnostics)
    io.stdout.write(`${options.out}: ${plural(gathered.entries.length, 'detection')}, ${plural(pages, 'page')}\n`)
    if (failed > 0) io.stderr.write(`${plural(failed, 'case')} failed; see the pages\n`)
  } else
    io.stdout.write(
      `${toJson({ out: options.out, detections: gathered.entries.length, pages, failed, diagnostics: diagnosticsToJson(diagnostics) })}\n`,
    )
  return failed > 0 ? 1 : 0
}

/** Serves until it is interrupted. A change that does not read leaves the last site that did. */
export async function serve(io: Io, version: string, paths: readonly string[], options: ServeOptions): Promise<number> {
  const wrong = wrongOptions(options)
  if (wrong.length > 0) return ended(io, wrong)
  const known = new Map<string, Evidence>()
  const first = await gather(io, paths, options, known)
  if (hasErrors(first.diagnostics)) return ended(io, first.diagnostics)
  let files = site(version, first, options)
  const server = await listen(() => files, options.port)
  if (!server.ok) return ended(io, server.diagnostics)
  printDiagnostics(io, first.diagnostics)
  io.stdout.write(`${server.value.url}\n`)
  io.stderr.write('rebuilds when a file changes; Ctrl-C stops\n')
  let isFirst = true
  await whenChanged(paths, async () => {
    if (isFirst) isFirst = false
    else {
      const next = await gather(io, paths, options, known)
      printDiagnostics(io, next.diagnostics)
      if (!hasErrors(next.diagnostics)) files = site(version, next, options)
      io.stderr.write(hasErrors(next.diagnostics) ? 'not rebuilt\n' : 'rebuilt\n')
    }
  })
  await server.value.close()
  return 0
}

async function gather(
  io: Io,
  paths: readonly string[],
  options: SiteOptions,
  known?: Map<string, Evidence>,
): Promise<Gathered> {
  const meter = progress(io)
  try {
    return await gatherCatalogue(paths, {
      prove: options.mutation,
      drafts: known !== undefined,
      comparisons: options.comparisons ?? [COMPARISONS].filter((path) => existsSync(path)),
      roots: options.root,
      ...(known && { cache: known }),
      onProgress: (what, done, total) => meter.show(what, done, total),
    })
  } finally {
    meter.clear()
  }
}

const site = (version: string, { entries }: Gathered, { title, baseUrl, date }: SiteOptions): Map<string, string> =>
  renderSite(entries, { title, version, notice: readNotice(), date, base: baseUrl })

const hasErrors = (all: readonly Diagnostic[]): boolean => all.some((d) => d.severity === 'error')
const failures = ({ entries }: Gathered): number =>
  entries.flatMap((e) => e.results).filter((r) => r.status === 'failed').length

function wrongOptions({ baseUrl, date }: SiteOptions): Diagnostic[] {
  const isDate = (d: string) => /^\d{4}-\d\d-\d\d$/.test(d) && !Number.isNaN(Date.parse(d))
  return [
    ...(date === undefined || isDate(date) ? [] : [diagnostic(notADate, noPlace, { text: date })]),
    ...(baseUrl === undefined || webAddress(baseUrl) !== undefined
      ? []
      : [diagnostic(notASite, noPlace, { text: baseUrl })]),
  ]
}

/** Nothing was written. */
function ended(io: Io, diagnostics: readonly Diagnostic[], { format }: { readonly format?: 'json' | 'text' } = {}): 2 {
  if (format === 'json') io.stdout.write(`${toJson({ diagnostics: diagnosticsToJson(diagnostics) })}\n`)
  else printDiagnostics(io, diagnostics)
  return 2
}
