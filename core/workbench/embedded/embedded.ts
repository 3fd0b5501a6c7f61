// The queries inside other files: YAML, JSON, TOML, Markdown and Terraform. Each keeps the way back to its place in the file.
import type { EmbeddedKey } from '../../lang/shared/embedded.ts'
import type { Source, Span } from '../../text/source.ts'
import { readLanguages } from '../compile.ts'
import type { Found } from './found.ts'
import { inMarkdown } from './markdown-host.ts'
import { inTerraform } from './terraform-host.ts'
import { inToml } from './toml-host.ts'
import { inYaml } from './yaml-host.ts'

export interface Embedded {
  /** Id of its language. */
  readonly language: string
  /** Its host is the file. */
  readonly source: Source
  /** A place of the host with a value that is not known, so that the query is not read. */
  readonly unread?: Span
}

type Reader = (text: string) => readonly Found[]
type Kind = 'fence' | 'key' | 'resource'

const HOSTS: readonly { readonly endings: readonly string[]; readonly read: Reader; readonly kind: Kind }[] = [
  { endings: ['.yml', '.yaml', '.json'], read: inYaml, kind: 'key' },
  { endings: ['.toml'], read: inToml, kind: 'key' },
  { endings: ['.md', '.markdown'], read: inMarkdown, kind: 'fence' },
  { endings: ['.tf'], read: inTerraform, kind: 'resource' },
]

/** File endings of hosts. */
export const hostEndings: readonly string[] = HOSTS.flatMap((h) => h.endings)

/** In order of the file. Undefined: the file is no host. */
export function queriesIn(source: Source): readonly Embedded[] | undefined {
  const name = source.name.toLowerCase()
  const host = HOSTS.find((h) => h.endings.some((e) => name.endsWith(e)))
  // Pages of cases show broken queries on purpose; `assay test` checks them.
  if (!host || name.endsWith('.case.md')) return undefined
  return host.read(source.text).flatMap((found): Embedded[] => {
    const language = languageOf(found, host.kind, source.text)
    if (language === undefined || found.text.trim() === '') return []
    return [
      {
        language,
        source: { name: source.name, text: found.text, host: { source, pieces: found.pieces } },
        ...(found.hole && { unread: found.hole }),
      },
    ]
  })
}

function languageOf(found: Found, kind: Kind, text: string): string | undefined {
  return readLanguages.find(({ read: { embedded } }) => {
    const last = found.path.at(-1) ?? ''
    if (!embedded) return false
    if (kind === 'fence') return embedded.fences.includes(last.toLowerCase())
    if (kind === 'resource') return embedded.resources.test(last)
    return embedded.keys.some((k) => isAt(k, found) && (k.file === undefined || k.file.test(text)))
  })?.id
}

function isAt({ key, beside }: EmbeddedKey, found: Found): boolean {
  const keys = key.split('.')
  if (keys.some((k, i) => found.path[found.path.length - keys.length + i] !== k)) return false
  const other = beside && found.beside.get(beside.key)
  return other === undefined || beside?.value.test(other) === true
}
