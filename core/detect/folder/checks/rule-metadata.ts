// Checks the metadata of rule files: the timespan of correlations, techniques, ids. The language checks the rules themselves.
import { type Document, isScalar, isSeq } from 'yaml'
import {
  duplicateName,
  notYaml,
  revokedTechnique,
  unknownTactic,
  unknownTechnique,
  windowsDiffer,
  windowTooShort,
} from '../../../diag/catalogue/detect.ts'
import { type Diagnostic, inText, diagnostic, noPlace } from '../../../diag/diagnostic.ts'
import { applyRewrites } from '../../../lang/shared/rewrite.ts'
import { type Source, type Span, span } from '../../../text/source.ts'
import { nearest } from '../../../text/nearest.ts'
import { parseYaml } from '../../../yaml/parse-yaml.ts'
import { languages } from '../../../workbench/compile.ts'
import { parseDuration } from '../../../workbench/interval.ts'
import type { RuleMetadata } from '../../../workbench/language.ts'
import { attack, tactics, techniqueNamed } from '../../attack/attack.ts'
import { inFolder } from '../folder-names.ts'
import type { Detection } from '../schema.ts'
import { durationText, totalPause } from '../duration.ts'
import type { Files, Folder } from '../folder-types.ts'

interface Scalar {
  readonly text: string
  readonly at: Span
}

/** `wrong`: the first document that is not readable, and its place. */
export function documentsOf(text: string): {
  readonly docs: readonly Document[]
  readonly wrong: readonly { readonly problem: string; readonly at: Span }[]
} {
  const { docs, problems } = parseYaml(text)
  return { docs: problems.length > 0 ? [] : docs, wrong: problems }
}

/** The text at a path, or the texts of a list there, in every document. */
export function scalarsAt(docs: readonly Document[], path: readonly string[]): Scalar[] {
  return docs.flatMap((doc) => {
    const node: unknown = doc.getIn(path, true)
    const all = isSeq(node) ? node.items : [node]
    return all.flatMap((n) =>
      isScalar(n) && n.range ? [{ text: String(n.value), at: span(n.range[0], n.range[1]) }] : [],
    )
  })
}

interface RuleFile {
  readonly path: string
  readonly text: string
  readonly metadata: RuleMetadata
}

/** A correlation's timespan fits the lookback, techniques are current, ids are unique. */
export function checkRuleMetadata(detection: Detection, folder: Folder): Diagnostic[] {
  return ruleFiles(detection, folder.files).flatMap((file) => checkFile(file, detection, folder))
}

/** The rule files and companions that have metadata and exist. */
export function ruleFiles(detection: Detection | undefined, files: Files): RuleFile[] {
  return languages.flatMap(({ platform: { id }, ruleMetadata: metadata }) => {
    const platform = detection?.platforms[id]
    if (!metadata || !platform) return []
    return [platform.query, ...platform.companions.map((c) => c.file)].flatMap((name): RuleFile[] => {
      const path = inFolder(name)
      const text = path === undefined ? undefined : files.get(path)
      return path === undefined || text === undefined ? [] : [{ path, text, metadata }]
    })
  })
}

function checkFile({ path, text, metadata }: RuleFile, detection: Detection, folder: Folder): Diagnostic[] {
  const source = { name: folder.path(path), text }
  const { docs, wrong } = documentsOf(text)
  const { lookback } = detection.schedule
  const { more_than: more, slowest: pace } = detection.trigger
  const span = pace === undefined ? undefined : totalPause(more, pace)
  const ids = scalarsAt(docs, metadata.id)
  return [
    ...wrong.map(({ problem, at }) => diagnostic(notYaml, inText(source, at), { problem })),
    ...scalarsAt(docs, metadata.window)
      .filter((s) => parseDuration(s.text) !== parseDuration(lookback))
      .map((s) => {
        const window = parseDuration(s.text)
        const short = pace !== undefined && span !== undefined && window !== undefined && window <= span
        return short
          ? diagnostic(windowTooShort, inText(source, s.at), {
              lookback: s.text,
              more,
              pace,
              needed: durationText(span),
            })
          : diagnostic(windowsDiffer, inText(source, s.at), { timespan: s.text, lookback })
      }),
    ...scalarsAt(docs, metadata.tags).flatMap((s) => checkTag(s, (at) => inText(source, at))),
    ...ids
      .filter((s, i) => ids.findIndex((t) => t.text.toLowerCase() === s.text.toLowerCase()) < i)
      .map((s) => diagnostic(duplicateName, inText(source, s.at), { kind: 'rule id', name: s.text })),
  ]
}

/** Techniques in the tags of a rule outside a folder: unknown ones, and revoked ones with their successor. */
export function checkTechniques(source: Source, metadata: RuleMetadata): Diagnostic[] {
  // Most rules name current techniques only, and need not be read as YAML again.
  const named = source.text.match(/\battack\.[\w.-]+/gi) ?? []
  if (named.every((tag) => checkTag({ text: tag, at: span(0, 0) }, () => noPlace).length === 0)) return []
  const { docs } = documentsOf(source.text)
  return scalarsAt(docs, metadata.tags).flatMap((s) => checkTag(s, (at) => inText(source, at)))
}

/** The text with the successors of revoked techniques, each once. */
export function withSuccessors(
  source: Source,
  metadata: RuleMetadata,
): { readonly text: string; readonly applied: readonly Diagnostic[] } {
  const revoked = checkTechniques(source, metadata).filter((d) => d.fixes.length > 0)
  const edits = revoked.map((d) => ({ within: placeOf(d), edits: d.fixes[0]?.edits ?? [], diagnostic: d }))
  return { text: applyRewrites(source.text, edits).text, applied: revoked }
}

const placeOf = ({ at }: Diagnostic): Span => (at.kind === 'text' ? at.span : span(0, 0))

const TACTICS = tactics.map((t) => t.shortname)

/** Older versions have other tactics, so only a name like one of this version is a slip. */
function checkTactic(text: string, at: Diagnostic['at']): Diagnostic[] {
  const name = /^attack\.([a-z-]+)$/.exec(text)?.[1]
  const meant = name === undefined || TACTICS.includes(name) ? undefined : nearest(name, TACTICS)
  return name === undefined || meant === undefined ? [] : [diagnostic(unknownTactic, at, { name, meant })]
}

function checkTag({ text, at }: Scalar, place: (at: Span) => Diagnostic['at']): Diagnostic[] {
  const id = /^attack\.(t\d+(?:\.\d+)?)$/i.exec(text)?.[1]?.toUpperCase()
  if (id === undefined) return checkTactic(text, place(at))
  const technique = techniqueNamed(id)
  if (!technique) return [diagnostic(unknownTechnique, place(at), { id, version: attack.version, addedLater: false })]
  const by = technique.revokedBy
  if (by === undefined) return []
  const fixes = [
    { title: `write ${by}`, edits: [{ span: at, text: `attack.${by.toLowerCase()}` }], safety: 'safe' as const },
  ]
  return [diagnostic(revokedTechnique, place(at), { id, by, byName: techniqueNamed(by)?.name ?? '' }, { fixes })]
}
