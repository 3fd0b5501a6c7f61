// Checks detection.yml against ATT&CK, its own schedule and the files of its folder.
import {
  attackVersion,
  changelogBehind,
  datesDisagree,
  duplicateName,
  escapes,
  noPace,
  noSuchFile,
  openFalsePositive,
  revokedTechnique,
  unknownReference,
  unknownTechnique,
  unwatchedTime,
  windowBorder,
  windowTooShort,
} from '../../../diag/catalogue/detect.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { attack, isCurrentVersion, isKnownVersion, knownVersions, techniqueNamed } from '../../attack/attack.ts'
import type { Block, Case } from '../../case/case-file.ts'
import { anchor, caseReference, inFolder } from '../folder-names.ts'
import { nearest } from '../../../text/nearest.ts'
import { parseTable } from '../../case/result-table.ts'
import type { Detection } from '../schema.ts'
import type { Path } from '../../../yaml/yaml-file.ts'
import { micros, durationText, totalPause } from '../duration.ts'
import type { Folder } from '../folder-types.ts'

const at = (folder: Folder, path: Path) => inText(folder.yaml.source, folder.yaml.valueAt(path))

export function checkMapping(detection: Detection, folder: Folder): Diagnostic[] {
  const { version, techniques } = detection.attack
  const out: Diagnostic[] = []
  if (!isCurrentVersion(version))
    out.push(
      diagnostic(attackVersion, at(folder, ['attack', 'version']), {
        version,
        known: knownVersions,
        current: attack.version,
      }),
    )
  techniques.forEach((id, i) => {
    const place = at(folder, ['attack', 'techniques', i])
    const technique = techniqueNamed(id)
    const addedLater = technique?.added === true && isKnownVersion(version) && !isCurrentVersion(version)
    if (!technique || addedLater) out.push(diagnostic(unknownTechnique, place, { id, version, addedLater }))
    else if (technique.revokedBy !== undefined) {
      const by = technique.revokedBy
      const byName = techniqueNamed(by)?.name ?? ''
      const edit = { span: folder.yaml.valueAt(['attack', 'techniques', i]), text: by }
      const fixes = [{ title: `write ${by}`, edits: [edit], safety: 'unsafe' as const }]
      out.push(diagnostic(revokedTechnique, place, { id, by, byName }, { fixes }))
    }
    if (techniques.indexOf(id) !== i) out.push(diagnostic(duplicateName, place, { kind: 'technique', name: id }))
  })
  return out
}

export function checkSchedule(detection: Detection, folder: Folder): Diagnostic[] {
  const { lookback, frequency } = detection.schedule
  const { more_than: more, slowest } = detection.trigger
  const place = at(folder, ['schedule', 'lookback'])
  const window = micros(lookback)
  const out: Diagnostic[] = []
  if (window < micros(frequency)) out.push(diagnostic(unwatchedTime, place, { lookback, frequency }))
  if (slowest === undefined) {
    const threshold = at(folder, ['trigger', 'more_than'])
    return more === 0 ? out : [...out, diagnostic(noPace, threshold, { more })]
  }
  const needed = totalPause(more, slowest)
  if (window <= needed)
    out.push(diagnostic(windowTooShort, place, { lookback, more, pace: slowest, needed: durationText(needed) }))
  else if (window < needed + micros(frequency)) {
    const whole = durationText(needed + micros(frequency))
    out.push(diagnostic(windowBorder, place, { lookback, frequency, span: durationText(needed), needed: whole }))
  }
  return out
}

/** Every file that detection.yml names, with the path of the value. */
function namedFiles(detection: Detection): { readonly name: string; readonly path: Path }[] {
  const out: { name: string; path: Path }[] = [
    { name: detection.playbook, path: ['playbook'] },
    { name: detection.investigation, path: ['investigation'] },
    ...detection.validation.map((name, i) => ({ name, path: ['validation', i] })),
    ...detection.hunts.map((name, i) => ({ name, path: ['hunts', i] })),
  ]
  for (const [id, p] of Object.entries(detection.platforms)) {
    if (!p) continue
    out.push({ name: p.query, path: ['platforms', id, 'query'] })
    p.companions.forEach((c, i) => {
      out.push({ name: c.file, path: ['platforms', id, 'companions', i, 'file'] })
    })
  }
  return out
}

export function checkNames(detection: Detection, folder: Folder): Diagnostic[] {
  const out: Diagnostic[] = []
  for (const { name, path } of namedFiles(detection)) {
    const found = inFolder(name)
    if (found === undefined) out.push(diagnostic(escapes, at(folder, path), { name }))
    else if (!folder.files.has(found))
      out.push(diagnostic(noSuchFile, at(folder, path), { name, near: nearest(found, folder.files.keys()) }))
  }
  detection.blind_spots.forEach((spot, i) => {
    spot.covered_by.forEach((name, j) => {
      // The name may be the id of a detection instead of a file: `relations.ts` checks that.
      if (inFolder(name) === undefined)
        out.push(diagnostic(escapes, at(folder, ['blind_spots', i, 'covered_by', j]), { name }))
    })
  })
  const newest = detection.changelog[0]?.version ?? ''
  if (newest !== detection.version)
    out.push(diagnostic(changelogBehind, at(folder, ['version']), { version: detection.version, newest }))
  return [...out, ...checkDates(detection, folder)]
}

/** `YYYY-MM-DD` sorts as text. */
function checkDates({ created, modified, changelog }: Detection, folder: Folder): Diagnostic[] {
  const earlier = (what: string, path: Path, date: string, other: string) =>
    date < other ? [diagnostic(datesDisagree, at(folder, path), { what, date, other })] : []
  return [
    ...earlier('modified before created', ['modified'], modified, created),
    ...changelog.flatMap(({ date }, i) => {
      const older = changelog[i + 1]
      return older ? earlier('an entry before an older one', ['changelog', i, 'date'], date, older.date) : []
    }),
  ]
}

export function checkReferences(detection: Detection, folder: Folder): Diagnostic[] {
  const out: Diagnostic[] = []
  const tunings = detection.tuning.map((t) => t.id)
  out.push(...repeated(tunings, 'tuning', 'tuning', folder))
  out.push(
    ...repeated(
      detection.false_positives.map((f) => f.id),
      'false positive',
      'false_positives',
      folder,
    ),
  )
  const cases = casesOf(folder)
  const refer = (text: string, path: Path): readonly Case[] => {
    const found = findCases(text, cases)
    if (found.length === 0)
      out.push(
        diagnostic(unknownReference, at(folder, path), {
          kind: 'test',
          name: text,
          known: [],
          near: nearest(text, cases.keys()),
        }),
      )
    return found
  }
  detection.tuning.forEach((t, i) => {
    for (const [j, ref] of t.tests.entries()) refer(ref, ['tuning', i, 'tests', j])
  })
  detection.false_positives.forEach((f, i) => {
    const found = f.tests.flatMap((ref, j) => refer(ref, ['false_positives', i, 'tests', j]))
    f.tuning.forEach((name, j) => {
      if (tunings.includes(name)) return
      const place = at(folder, ['false_positives', i, 'tuning', j])
      out.push(
        diagnostic(unknownReference, place, { kind: 'tuning', name, known: tunings, near: nearest(name, tunings) }),
      )
    })
    const quiet = found.some((c) => isRun(c) && c.blocks.some(isQuiet))
    const broken = f.tests.length > 0 && found.length === 0
    if (!quiet && f.tuning.length === 0 && !broken)
      out.push(diagnostic(openFalsePositive, at(folder, ['false_positives', i, 'id']), { id: f.id }))
  })
  return out
}

const isRun = (c: Case): boolean => c.skip === undefined && c.todo === undefined
const isQuiet = ({ kind, source }: Block): boolean =>
  kind === 'quiet' || (kind === 'result' && parseTable(source.text).rows.length === 0)

function repeated(names: readonly string[], kind: string, list: string, folder: Folder): Diagnostic[] {
  return names.flatMap((name, i) =>
    names.indexOf(name) === i ? [] : [diagnostic(duplicateName, at(folder, [list, i, 'id']), { kind, name })],
  )
}

/** `tests/page.case.md#anchor` → the case. */
function casesOf(folder: Folder): Map<string, Case> {
  const prefix = folder.path('').length
  return new Map(
    folder.pages.flatMap((p) => p.cases.map((c) => [`${p.source.name.slice(prefix)}#${anchor(c.title)}`, c] as const)),
  )
}

function findCases(text: string, cases: ReadonlyMap<string, Case>): Case[] {
  const ref = caseReference(text)
  const page = inFolder(ref.page)
  if (page === undefined) return []
  if (ref.anchor === undefined) return [...cases].filter(([k]) => k.startsWith(`${page}#`)).map(([, c]) => c)
  const found = cases.get(`${page}#${ref.anchor}`)
  return found ? [found] : []
}
