// RUN060–RUN064: a folder for a new detection. DET141–DET142: what it leaves for its author to write.
import { code } from '../diagnostic.ts'

interface Named {
  readonly id: string
  readonly name: string
}

export const noTechnique = code<{ text: string; version: string; near: readonly Named[] }>({
  id: 'RUN060',
  slug: 'no-such-technique',
  severity: 'error',
  title: 'ATT&CK has no technique of this id',
  message: (p) => `ATT&CK ${p.version} has no technique \`${p.text}\``,
  why: 'A detection is filed under a technique. Ids that were withdrawn without a successor are not in the index either.',
  remedy: (p) =>
    p.near.length > 0
      ? `one of ${p.near.map((t) => `${t.id} (${t.name})`).join(', ')}`
      : 'look the id up on attack.mitre.org',
})

export const techniqueGone = code<{ id: string; by: string; byName: string; version: string }>({
  id: 'RUN061',
  slug: 'technique-was-revoked',
  severity: 'error',
  title: 'A new detection for a technique that was revoked',
  message: (p) => `${p.id} was revoked; since ATT&CK ${p.version} it is ${p.by} (${p.byName})`,
  why: 'A revoked id vanishes from the matrix, from Navigator layers and from every count of coverage.',
  remedy: (p) => `assay new ${p.by}`,
})

export const noPlatform = code<{ text: string; known: readonly string[] }>({
  id: 'RUN062',
  slug: 'no-such-platform',
  severity: 'error',
  title: 'There is no platform of this name',
  message: (p) => `there is no platform \`${p.text}\``,
  why: 'A folder begins with a query that runs, so the language of the platform must be one that is read here.',
  remedy: (p) => `--platform ${p.known.join(', --platform ')}`,
})

export const badFolder = code<{ path: string; problem: string; remedy: string }>({
  id: 'RUN063',
  slug: 'no-place-for-a-detection',
  severity: 'error',
  title: 'A detection cannot be made at this place',
  message: (p) => `${p.path}: ${p.problem}`,
  why: 'A new detection is a new folder below the working folder, and its name is the id of the detection. Nothing that exists is touched.',
  remedy: (p) => p.remedy,
})

export const badTitle = code<{ text: string; problem: string }>({
  id: 'RUN064',
  slug: 'no-title',
  severity: 'error',
  title: 'A name does not serve as the title of a detection',
  message: (p) => `\`${p.text}\` ${p.problem}`,
  why: 'The title stands in lists, and the name of the folder is made from it.',
  remedy: () => 'a line of at most 120 characters with letters or digits in it',
})

export const placeholder = code<{ file: string; lines: readonly number[] }>({
  id: 'DET141',
  slug: 'placeholder',
  severity: 'warning',
  title: 'A file has text that is still to be written',
  message: (p) =>
    p.lines.length === 1
      ? `a placeholder is left in ${p.file}`
      : `${p.lines.length} placeholders are left in ${p.file}, lines ${p.lines.join(', ')}`,
  why: 'What `assay new` wrote passes its tests and detects nothing: it stands for what only the author knows.',
  remedy: () => 'write what each `TODO:` asks for, and take the mark out',
})

export const unfinished = code<{ id: string; count: number }>({
  id: 'DET142',
  slug: 'unfinished',
  severity: 'error',
  title: 'A detection with placeholders is not published',
  message: (p) => `${p.id} is a draft: ${p.count === 1 ? 'a file has' : `${p.count} files have`} placeholders`,
  why: 'A page of a catalogue says what was proven; a placeholder was not.',
  remedy: () => 'write what DET141 points at; `assay catalog serve` shows drafts, marked as such',
})
