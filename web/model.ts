// The input of the pages: the detections that the engine collected, with names, addresses and downloads.
import { attack, tactics, type Technique, techniqueNamed } from '../core/detect/attack/attack.ts'
import { placeholder } from '../core/diag/catalogue/scaffold.ts'
import type { CatalogueEntry, Run } from '../core/detect/folder/catalogue-entry.ts'
import { type CaseEvidence, evidenceOf, type Standing, standingOf } from '../core/detect/folder/evidence.ts'
import { inFolder } from '../core/detect/folder/folder-names.ts'
import type { Detection, Platform } from '../core/detect/folder/schema.ts'
import { languages } from '../core/workbench/compile.ts'
import { distinctNames } from './names.ts'

/** One page: a detection on a platform. */
export interface View {
  /** Id of the platform. */
  readonly id: string
  /** Id of its language. */
  readonly language: string
  /** `CrowdStrike LogScale` */
  readonly name: string
  /** `LogScale` */
  readonly short: string
  /** Its rules can be translated for the other platforms. */
  readonly portable: boolean
  readonly platform: NonNullable<Platform>
  /** From the root of the site. */
  readonly url: string
  readonly standing: Standing
}

export interface Entry extends CatalogueEntry {
  readonly detection: Detection
  /** Name of its folder in the site. */
  readonly slug: string
  readonly evidence: readonly CaseEvidence<Run>[]
  readonly views: readonly View[]
  /** Path in the folder → address from the root of the site. */
  readonly downloads: ReadonlyMap<string, string>
  readonly techniques: readonly Technique[]
}

export interface Site {
  readonly title: string
  readonly entries: readonly Entry[]
  /** YYYY-MM-DD: from the data or the caller, never a clock. */
  readonly date: string
  /** Version of Assay. */
  readonly version: string
  /** Address of the published site, with a slash at its end. Undefined: addresses are relative. */
  readonly base: string | undefined
  /** The notices for the shown third-party data. */
  readonly notice: string
}

/** Entries in order of technique, then id. Folders without a readable detection.yml are left out; the caller has reported them. */
export function entriesOf(all: readonly CatalogueEntry[]): Entry[] {
  const read = all.flatMap((k) => (k.folder.detection ? [{ ...k, detection: k.folder.detection }] : []))
  const key = (d: Detection) => `${d.attack.techniques[0]} ${d.id}`
  const sorted = read.toSorted((a, b) => (key(a.detection) < key(b.detection) ? -1 : 1))
  const slugs = distinctNames(sorted.map((k) => k.detection.id))
  return sorted.map((k): Entry => {
    const slug = slugs.get(k.detection.id) as string
    const evidence = evidenceOf(k.folder, k.results)
    const paths = [...k.folder.files.keys()]
    const names = distinctNames(paths, { files: true })
    return {
      ...k,
      slug,
      evidence,
      views: viewsOf(k.detection, slug, evidence),
      downloads: new Map(paths.map((p) => [p, `detections/${slug}/files/${names.get(p)}`])),
      techniques: k.detection.attack.techniques.map(nameOf),
    }
  })
}

function viewsOf(detection: Detection, slug: string, evidence: readonly CaseEvidence[]): View[] {
  return languages.flatMap(({ id: language, read, platform: { id, title: name, short, portable = false } }) => {
    const platform = detection.platforms[id]
    if (!platform) return []
    const standing = read ? standingOf(evidence, inFolder(platform.query) ?? platform.query) : 'not-executed'
    return [{ id, language, name, short, portable, platform, standing, url: `detections/${slug}/${id}.html` }]
  })
}

/** A technique that this version of ATT&CK does not have gets its id as its name. */
export const nameOf = (id: string): Technique =>
  techniqueNamed(id) ?? {
    id,
    name: id,
    tactics: [],
    parent: id.includes('.') ? id.slice(0, id.indexOf('.')) : undefined,
    revokedBy: undefined,
    added: false,
  }

export const tacticName = (shortname: string): string =>
  tactics.find((t) => t.shortname === shortname)?.name ?? shortname
export const tacticUrl = (shortname: string): string | undefined => {
  const tactic = tactics.find((t) => t.shortname === shortname)
  return tactic && `https://attack.mitre.org/tactics/${tactic.id}/`
}
export const attackNotice = attack.notice

export const techniquePage = (id: string): string => `techniques/${distinctNames([id]).get(id)}.html`

export const hasRule = (site: Pick<Site, 'entries'>, id: string): Entry[] =>
  site.entries.filter((e) => e.techniques.some((t) => t.id === id))
/** The author has not replaced every placeholder. */
export const isDraft = (e: Entry): boolean => e.folder.diagnostics.some((d) => d.code === placeholder.id)
export const isPassing = (e: Entry): boolean => e.views.some((v) => v.standing === 'passing')

/** Techniques with a page: those of detections, and their parents. */
export const techniquesShown = (entries: readonly Entry[]): string[] =>
  [...new Set(entries.flatMap((e) => e.techniques.flatMap((t) => [t.id, ...(t.parent ? [t.parent] : [])])))].sort()

/** Path of a query's file in the folder. */
export const fileOf = (name: string): string => inFolder(name) ?? name

export const percent = (part: number, whole: number): number => (whole === 0 ? 100 : (part / whole) * 100)
/** A score in percent, never rounded up to 100. */
export const shown = (score: number): string => `${score === 100 ? '100' : (Math.floor(score * 10) / 10).toFixed(1)} %`
export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
