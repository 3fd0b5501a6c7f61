// MITRE ATT&CK® Enterprise as an index. © 2025 The MITRE Corporation. This work is reproduced and distributed with the
// permission of The MITRE Corporation; the licence is data/attack.LICENSE.txt. A page that shows names from here also shows `notice`.
import index from './data/attack.json' with { type: 'json' }

export interface Tactic {
  readonly id: string
  /** The form that rules use: `command-and-control`. */
  readonly shortname: string
  readonly name: string
}

export interface Technique {
  readonly id: string
  readonly name: string
  /** Short names, in the order of the matrix; those of the previous version when the id is revoked. */
  readonly tactics: readonly string[]
  /** The technique to which a sub-technique belongs. */
  readonly parent: string | undefined
  /** The id that took its place. */
  readonly revokedBy: string | undefined
  /** This version added the id. */
  readonly added: boolean
}

export const attack = {
  version: index.version,
  previous: index.previous,
  modified: index.modified,
  notice: index.notice,
} as const

export const tactics: readonly Tactic[] = index.tactics.map(([id = '', shortname = '', name = '']) => ({
  id,
  shortname,
  name,
}))

const added = new Set(index.added)
const techniques: ReadonlyMap<string, Technique> = new Map(
  index.techniques.map(([id = '', name = '', of = '', revokedBy]) => [
    id,
    {
      id,
      name,
      tactics: of.split(' '),
      parent: id.includes('.') ? id.slice(0, id.indexOf('.')) : undefined,
      revokedBy,
      added: added.has(id),
    },
  ]),
)

export const techniqueNamed = (id: string): Technique | undefined => techniques.get(id)
export const allTechniques = (): readonly Technique[] => [...techniques.values()]

/** The page of a technique or sub-technique on MITRE's site. */
export const techniqueUrl = (id: string): string => `https://attack.mitre.org/techniques/${id.replace('.', '/')}/`

/**
 * People call `19.1` version 19: minor versions revoke nothing. 19.2 patched texts only (MITRE's changelog layer of v19.1 to v19.2 lists no
 * addition and no revocation); it has the same 15 tactics, 222 techniques and 475 sub-techniques.
 */
const major = (version: string): string => version.split('.')[0] ?? version
export const knownVersions: readonly string[] = [attack.previous, attack.version]
export const isCurrentVersion = (version: string): boolean => major(version) === major(attack.version)
export const isKnownVersion = (version: string): boolean => knownVersions.some((v) => major(v) === major(version))
