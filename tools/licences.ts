// The licence texts of the packages whose code the bundle contains. Their licences require the text in every copy.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Metafile } from 'esbuild'

export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** SPDX expression of its package.json. */
  readonly licence: string
  readonly texts: readonly string[]
}

/** In order of name. Throws if a package has no licence text, because it must not be bundled then. */
export function bundledPackages(metafiles: readonly Metafile[]): BundledPackage[] {
  const files = metafiles.flatMap((m) => Object.values(m.outputs)).flatMap((o) => Object.keys(o.inputs))
  const folders = files.flatMap((f) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(f)?.[0] ?? [])
  return [...new Set(folders)].map(read).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function read(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license?: string
  }
  const texts = readdirSync(folder)
    .filter((f) => /^(?:licen[cs]e|copying|notice)/i.test(f))
    .sort()
    .map((f) => readFileSync(join(folder, f), 'utf8').trim())
  if (texts.length === 0 || license === undefined)
    throw new Error(`${name} has no licence text: it cannot be part of the bundle`)
  return { name, version, licence: license, texts }
}

export function noticesText(packages: readonly BundledPackage[]): string {
  const one = (p: BundledPackage): string =>
    [`${p.name} ${p.version} (${p.licence})`, '-'.repeat(40), ...p.texts].join('\n\n')
  return `Assay's bundle contains code of these packages.\n\n${packages.map(one).join('\n\n\n')}\n`
}

/** Files of the repository that the text names and the published package lacks. */
export const namedButMissing = (text: string, shipped: readonly string[]): string[] =>
  [...text.matchAll(/\b(?:core|docs|examples|engine)\/[\w./-]+/g)]
    .map((m) => m[0].replace(/[./]+$/, ''))
    .filter((f) => existsSync(f) && !shipped.some((s) => f === s || f.startsWith(`${s}/`)))
