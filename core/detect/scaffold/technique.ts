// The technique that a caller names, or the reason why a new detection cannot have it.
import { noTechnique, techniqueGone } from '../../diag/catalogue/scaffold.ts'
import { noPlace, diagnostic } from '../../diag/diagnostic.ts'
import { failure, ok, type Result } from '../../diag/result.ts'
import { allTechniques, attack, type Technique, techniqueNamed } from '../attack/attack.ts'
import { editDistance } from '../../text/edit-distance.ts'

/** `T1071.002` or `t1071.002`. */
export function chooseTechnique(text: string): Result<Technique> {
  const id = text.trim().toUpperCase()
  const found = techniqueNamed(id)
  if (!found)
    return failure(diagnostic(noTechnique, noPlace, { text, version: attack.version, near: suggestions(text) }))
  if (found.revokedBy === undefined) return ok(found)
  const by = found.revokedBy
  const byName = techniqueNamed(by)?.name ?? ''
  return failure(diagnostic(techniqueGone, noPlace, { id, by, byName, version: attack.version }))
}

const MOST = 4

/** For an id: similar ids. For words: techniques with these words in their names. The best comes first. */
function suggestions(text: string): { id: string; name: string }[] {
  const current = allTechniques().filter((t) => t.revokedBy === undefined)
  const scored = current.flatMap((t) => {
    const score = /^t?\d/i.test(text.trim()) ? likeId(text, t) : likeName(text, t)
    return score === undefined ? [] : [{ id: t.id, name: t.name, score }]
  })
  return scored
    .sort((a, b) => a.score - b.score || (a.id < b.id ? -1 : 1))
    .slice(0, MOST)
    .map(({ id, name }) => ({ id, name }))
}

/** At most two typing errors. An error in the digits after the dot is more likely. */
function likeId(text: string, { id, parent }: Technique): number | undefined {
  const given = text
    .trim()
    .toUpperCase()
    .replace(/^(?=\d)/, 'T')
  const d = editDistance(given, id, true)
  if (d > 2) return undefined
  return d * 2 - (given.startsWith(parent ?? id) ? 1 : 0)
}

/** At least half of the words. */
function likeName(text: string, { name }: Technique): number | undefined {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? []
  const has = new Set(name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
  const found = words.filter((w) => has.has(w) || has.has(`${w}s`)).length
  return found === 0 || found * 2 < words.length ? undefined : has.size - 3 * found
}
