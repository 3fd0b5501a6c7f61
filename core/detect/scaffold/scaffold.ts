// A folder for a new detection. It passes its tests, and `TODO:` marks each text that its author must write.
import { badTitle, noPlatform } from '../../diag/catalogue/scaffold.ts'
import { type Diagnostic, noPlace, diagnostic } from '../../diag/diagnostic.ts'
import { failure, ok, type Result } from '../../diag/result.ts'
import type { Kind } from '../../lang/shared/scaffold.ts'
import { languages } from '../../workbench/compile.ts'
import type { Technique } from '../attack/attack.ts'
import { DETECTION_FILE } from '../folder/folder.ts'
import { detectionText, investigationText, type Part, playbookText, validationFile, validationText } from './pages.ts'
import type { DetectionNames, Template } from './template.ts'
import type { Files } from '../folder/folder-types.ts'

export const templates: readonly Template[] = languages.flatMap(({ id, platform, scaffold }) =>
  scaffold ? [{ id: platform.id, language: id, ...scaffold }] : [],
)

/** All platforms if none is named. */
export function choosePlatforms(named: readonly string[]): { chosen: readonly Template[]; wrong: Diagnostic[] } {
  const known = templates.map((t) => t.id)
  const wrong = named.filter((n) => !known.some((k) => k === n))
  return {
    chosen: templates.filter((t) => named.length === 0 || named.includes(t.id)),
    wrong: wrong.map((text) => diagnostic(noPlatform, noPlace, { text, known })),
  }
}

const LONGEST_TITLE = 120
const LONGEST_SLUG = 60

/** The title of a detection, and the words that name its folder. */
export function chooseTitle(text: string): Result<{ readonly title: string; readonly slug: string }> {
  const title = text.trim()
  const wrong = (problem: string) => failure(diagnostic(badTitle, noPlace, { text, problem }))
  if (/\p{Cc}/u.test(title)) return wrong('has control characters')
  if (title.length > LONGEST_TITLE) return wrong(`has ${title.length} characters`)
  const slug = slugOf(title)
  return slug === '' ? wrong('has no letter of a to z and no digit') : ok({ title, slug })
}

function slugOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  let slug = ''
  for (const word of words ?? []) {
    const longer = slug === '' ? word.slice(0, LONGEST_SLUG) : `${slug}-${word}`
    if (longer.length > LONGEST_SLUG) break
    slug = longer
  }
  return slug
}

const NETWORK = new Set(['command-and-control', 'exfiltration'])

/** Command and control and exfiltration are visible in network traffic; most other tactics in process starts. */
export const kindOf = (technique: Technique): Kind =>
  technique.tactics.some((t) => NETWORK.has(t)) ? 'network' : 'process'

export function scaffold(names: DetectionNames, platforms: readonly Template[]): Files {
  const kind = kindOf(names.technique)
  const parts: Part[] = platforms.map((template) => ({ template, sketch: template.sketch(kind, names) }))
  return new Map([
    [DETECTION_FILE, detectionText(names, parts)],
    ...parts.flatMap(({ template, sketch }): [string, string][] => [
      [template.file, sketch.query],
      [`tests/${template.id}.case.md`, sketch.cases],
    ]),
    [validationFile(names.technique.id), validationText(names)],
    ['playbook.md', playbookText(names)],
    ['investigation.md', investigationText(names, parts)],
  ])
}
