// assay store
import { isoTime } from '../core/workbench/interval.ts'
import type { Manifest } from '../engine/tables/store-manifest.ts'
import { compactStore } from '../engine/store/compact.ts'
import { storeInfo, type StoreSummary, summaryOf } from '../engine/store/info.ts'
import { type Stored, storeLogs } from '../engine/store/store.ts'
import type { StoreFlags } from './commands/store.ts'
import { interruptible } from './interrupt.ts'
import type { Io } from './io.ts'
import { print, printJson } from './print.ts'
import { progress } from './progress.ts'
import { say } from './say.ts'
import { engineOptions } from './telemetry-flags.ts'
import { count, errorsOf, plural } from './words.ts'

export async function store(io: Io, folder: string, logs: readonly string[], flags: StoreFlags): Promise<number> {
  const meter = progress(io)
  const started = performance.now()
  const { done, signalled } = await interruptible(async (signal) => {
    try {
      if (flags.info) return storeInfo(folder)
      const options = { ...engineOptions(flags), folder, signal, onProgress: meter.show }
      if (flags.compact) return await compactStore(options)
      return await storeLogs({ ...flags, ...options, logs, raw: flags.raw === true })
    } finally {
      meter.clear()
    }
  })
  say(io, flags.quiet ? errorsOf(done.diagnostics) : done.diagnostics)
  if (signalled !== undefined) return signalled
  const { manifest } = done
  if (!done.ok || !manifest) return 2
  const summary = summaryOf(folder, manifest)
  if (flags.format === 'json') printJson(io, json(summary, manifest))
  else if (!flags.quiet || flags.info) {
    const seconds = (performance.now() - started) / 1000
    if (isStored(done))
      print(
        io.stdout,
        `${plural(done.events, 'event')} added in ${plural(done.parts.length, 'part')}, ${seconds.toFixed(1)} s\n`,
      )
    print(io.stdout, text(summary))
  }
  return done.diagnostics.some((d) => d.severity === 'error') ? 2 : 0
}

const isStored = (done: object): done is Stored => 'events' in done

const json = (s: StoreSummary, { parts }: Manifest): Record<string, unknown> => ({
  ...s,
  first: s.first === null ? null : isoTime(s.first),
  last: s.last === null ? null : isoTime(s.last),
  parts: parts.map(({ names, answers: _, ...p }) => ({ ...p, fields: names.length })),
})

function text(s: StoreSummary): string {
  const perEvent = s.events === 0 ? '' : `, ${(s.bytes / s.events).toFixed(0)} bytes an event`
  return [
    s.folder,
    `  events  ${count(s.events)} in ${plural(s.parts, 'part')}${perEvent}`,
    `  time    ${s.first === null || s.last === null ? 'none' : `${isoTime(s.first)} to ${isoTime(s.last)}`}`,
    `  fields  ${count(s.fields)}`,
    `  records ${s.raw === 'all' ? 'kept as logged' : s.raw === 'none' ? 'not kept: @rawstring is empty' : 'kept for some events'}`,
    ...s.formats.map((f) => `  format  ${f.format}: ${count(f.events)} events`),
    '',
  ].join('\n')
}
