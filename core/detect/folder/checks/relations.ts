// Checks between detections: unique ids, and relations that form no circle.
import { circularRelation, duplicateId, noSuchFile, unknownRelation } from '../../../diag/catalogue/detect.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { inFolder } from '../folder-names.ts'
import { idsIn } from './validation.ts'
import { nearest } from '../../../text/nearest.ts'
import type { Detection } from '../schema.ts'
import type { DetectionFolder } from '../folder-types.ts'

type Read = DetectionFolder & {
  readonly detection: Detection
  readonly yaml: NonNullable<DetectionFolder['yaml']>
}
const KINDS = ['replaces', 'builds_on'] as const

/**
 * Checks that need several folders. Each diagnostic has its place in the folder that has to change. `beside`: ids of other detections
 * whose folders were not read. It is called only for a relation that names none of `folders`.
 */
export function checkCatalogue(
  folders: readonly DetectionFolder[],
  beside: () => ReadonlySet<string> = () => new Set(),
): Diagnostic[] {
  const read = folders.filter((f): f is Read => f.detection !== undefined && f.yaml !== undefined)
  const byId = new Map<string, Read>()
  const out: Diagnostic[] = []
  for (const f of read) {
    const { id } = f.detection
    const other = byId.get(id)
    if (other)
      out.push(diagnostic(duplicateId, inText(f.yaml.source, f.yaml.valueAt(['id'])), { id, other: other.name }))
    else byId.set(id, f)
  }
  for (const f of read)
    for (const kind of KINDS)
      f.detection[kind].forEach((id, i) => {
        if (byId.has(id) || beside().has(id)) return
        const place = inText(f.yaml.source, f.yaml.valueAt([kind, i]))
        out.push(diagnostic(unknownRelation, place, { id, near: nearest(id, [...byId.keys(), ...beside()]) }))
      })
  for (const f of read) out.push(...uncovered(f, (id) => byId.has(id) || beside().has(id)))
  out.push(...sharedIds(read))
  return [...out, ...KINDS.flatMap((kind) => circles(kind, byId))]
}

/** `covered_by` names a file of the folder or a detection. */
function uncovered({ detection, yaml, files }: Read, isKnown: (id: string) => boolean): Diagnostic[] {
  return detection.blind_spots.flatMap((spot, i) =>
    spot.covered_by.flatMap((name, j) => {
      const file = inFolder(name)
      if (file === undefined || files.has(file) || isKnown(name)) return []
      const place = inText(yaml.source, yaml.valueAt(['blind_spots', i, 'covered_by', j]))
      return [diagnostic(noSuchFile, place, { name, near: nearest(name, files.keys()) })]
    }),
  )
}

/** Ids of Sigma rules and of validation tests must be unique in all folders. */
function sharedIds(folders: readonly Read[]): Diagnostic[] {
  const seen = new Map<string, string>()
  return folders.flatMap((f) =>
    idsIn(f).flatMap(({ id, source, at }) => {
      const key = id.toLowerCase()
      const other = seen.get(key)
      if (other === undefined) seen.set(key, f.name)
      return other === undefined || other === f.name ? [] : [diagnostic(duplicateId, inText(source, at), { id, other })]
    }),
  )
}

/** One diagnostic per circle, at its last relation. */
function circles(kind: (typeof KINDS)[number], byId: ReadonlyMap<string, Read>): Diagnostic[] {
  const out: Diagnostic[] = []
  const done = new Set<string>()
  const walk = (id: string, way: readonly string[]): void => {
    const f = byId.get(id)
    if (!f || done.has(id)) return
    f.detection[kind].forEach((next, i) => {
      const start = [...way, id].indexOf(next)
      if (start >= 0) {
        const circle = [...[...way, id].slice(start), next]
        out.push(diagnostic(circularRelation, inText(f.yaml.source, f.yaml.valueAt([kind, i])), { kind, circle }))
      } else walk(next, [...way, id])
    })
    done.add(id)
  }
  for (const id of byId.keys()) walk(id, [])
  return out
}

export interface Related {
  readonly id: string
  /** The reason, in words. */
  readonly because: string
}

/** Related detections: first those of declared relations, then those that share a technique, then those that share its parent. */
export function relatedTo(detection: Detection, all: readonly Detection[]): Related[] {
  const parents = (d: Detection): string[] => d.attack.techniques.map((t) => t.split('.')[0] ?? t)
  const why = (other: Detection): string | undefined => {
    if (detection.replaces.includes(other.id)) return 'replaced by this one'
    if (other.replaces.includes(detection.id)) return 'replaces this one'
    if (detection.builds_on.includes(other.id)) return 'this one builds on it'
    if (other.builds_on.includes(detection.id)) return 'builds on this one'
    const same = detection.attack.techniques.find((t) => other.attack.techniques.includes(t))
    if (same) return `also ${same}`
    const parent = parents(detection).find((t) => parents(other).includes(t))
    return parent && `also a part of ${parent}`
  }
  return all.flatMap((other) => {
    const because = other.id === detection.id ? undefined : why(other)
    return because === undefined ? [] : [{ id: other.id, because }]
  })
}
