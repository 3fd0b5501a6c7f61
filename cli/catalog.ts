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
import { badBudget } from './budget.ts'
import type { BuildFlags, ServeFlags } from './commands/catalog.ts'
import type { Io } from './io.ts'
import { diagnosticsToJson } from './json.ts'
import { print, printJson } from './print.ts'
import { progress } from './progress.ts'
import { say } from './say.ts'
import { version } from './version.ts'
import { plural } from './words.ts'

const COMPARISONS = 'conformance/detect'

type SiteFlags = BuildFlags | ServeFlags

export async function build(io: Io, paths: readonly string[], flags: BuildFlags): Promise<number> {
  const wrong = wrongOptions(flags)
  const refused = cannotPublish(flags.out)
  if (refused) wrong.push(refused)
  if (wrong.length > 0) return ended(io, wrong, flags)
  const gathered = await gather(io, paths, flags)
  if (hasErrors(gathered.diagnostics)) return ended(io, gathered.diagnostics, flags)
  const files = site(gathered, flags)
  const unwritten = publish(files, flags.out)
  const diagnostics = unwritten ? [...gathered.diagnostics, unwritten] : gathered.diagnostics
  if (unwritten) return ended(io, diagnostics, flags)
  const failed = failures(gathered)
  const unproven = gathered.entries.flatMap((e) => e.proof?.unproven ?? [])
  const pages = [...files.keys()].filter((f) => f.endsWith('.html')).length
  if (flags.format === 'text') {
    say(io, [...diagnostics, ...unproven])
    print(io.stdout, `${flags.out}: ${plural(gathered.entries.length, 'detection')}, ${plural(pages, 'page')}\n`)
    if (failed > 0) print(io.stderr, `${plural(failed, 'case')} failed; see the pages\n`)
  } else
    printJson(io, {
      out: flags.out,
      detections: gathered.entries.length,
      pages,
      failed,
      diagnostics: diagnosticsToJson([...diagnostics, ...unproven]),
    })
  return failed + unproven.length > 0 ? 1 : 0
}

/** Serves until it is interrupted. After a change that cannot be read, it serves the last good site. */
export async function serve(io: Io, paths: readonly string[], flags: ServeFlags): Promise<number> {
  const wrong = wrongOptions(flags)
  if (wrong.length > 0) return ended(io, wrong)
  let files: ReadonlyMap<string, string> = new Map()
  // First, since the tests of many detections take minutes.
  const server = await listen(() => files, flags.port)
  if (!server.ok) return ended(io, server.diagnostics)
  try {
    const cache = new Map<string, Evidence>()
    const first = await gather(io, paths, flags, cache)
    if (hasErrors(first.diagnostics)) return ended(io, first.diagnostics)
    files = site(first, flags)
    say(io, first.diagnostics)
    print(io.stdout, `${server.value.url}\n`)
    print(io.stderr, 'rebuilds when a file changes; Ctrl-C stops\n')
    let isFirst = true
    await whenChanged(paths, async () => {
      if (isFirst) isFirst = false
      else {
        const next = await gather(io, paths, flags, cache)
        say(io, next.diagnostics)
        if (!hasErrors(next.diagnostics)) files = site(next, flags)
        print(io.stderr, hasErrors(next.diagnostics) ? 'not rebuilt\n' : 'rebuilt\n')
      }
    })
    return 0
  } finally {
    await server.value.close()
  }
}

async function gather(
  io: Io,
  paths: readonly string[],
  flags: SiteFlags,
  cache?: Map<string, Evidence>,
): Promise<Gathered> {
  const meter = progress(io)
  try {
    return await gatherCatalogue(paths, {
      prove: flags.mutation ?? false,
      drafts: cache !== undefined,
      comparisons: flags.comparisons.length > 0 ? flags.comparisons : [COMPARISONS].filter((path) => existsSync(path)),
      roots: flags.root,
      budget: Number(flags.budget),
      ...(cache && { cache }),
      onProgress: (what, done, total) => meter.show(what, done, total),
    })
  } finally {
    meter.clear()
  }
}

const site = ({ entries }: Gathered, { title, baseUrl, date }: SiteFlags): Map<string, string> =>
  renderSite(entries, { title, version, notice: readNotice(), date, base: baseUrl })

const hasErrors = (all: readonly Diagnostic[]): boolean => all.some((d) => d.severity === 'error')
const failures = ({ entries }: Gathered): number =>
  entries.flatMap((e) => e.results).filter((r) => r.status === 'failed').length

function wrongOptions({ baseUrl, budget, date }: SiteFlags): Diagnostic[] {
  const isDate = (d: string) => /^\d{4}-\d\d-\d\d$/.test(d) && !Number.isNaN(Date.parse(d))
  return [
    ...badBudget(budget),
    ...(date === undefined || isDate(date) ? [] : [diagnostic(notADate, noPlace, { text: date })]),
    ...(baseUrl === undefined || webAddress(baseUrl) !== undefined
      ? []
      : [diagnostic(notASite, noPlace, { text: baseUrl })]),
  ]
}

/** Reports that no site was written. */
function ended(io: Io, diagnostics: readonly Diagnostic[], { format }: { readonly format?: 'json' | 'text' } = {}): 2 {
  if (format === 'json') printJson(io, { diagnostics: diagnosticsToJson(diagnostics) })
  else say(io, diagnostics)
  return 2
}
