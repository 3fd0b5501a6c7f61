// Names of files in the site, whatever the files of a detection are called.

/** Endings that a server sends as data and no browser runs. Anything else is sent as text. */
const HARMLESS = /\.(?:cql|csv|json|log|md|ndjson|sumo|txt|ya?ml)$/i
/** In a copy below a project these would be read as detections and pages of cases of their own. */
const READ_BY_ASSAY = /(?:^|\/)detection\.yml$|\.case\.md$/i

/** Characters of a path. What is cut may begin anywhere, at a slash too. */
const MOST = 180

const segment = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_') || '_'

/** Each name as a path of plain characters, no two of them the same where case does not count. */
export function distinctNames(names: readonly string[], { files = false } = {}): Map<string, string> {
  const taken = new Set<string>()
  return new Map(
    names.map((name) => {
      const plain = name
        .split('/')
        .map(segment)
        .join('/')
        .slice(-MOST)
        .replace(/^[./]+/, '_')
      const ending = files && (!HARMLESS.test(plain) || READ_BY_ASSAY.test(plain)) ? '.txt' : ''
      let out = plain + ending
      for (let n = 2; taken.has(out.toLowerCase()); n++)
        out = `${plain}~${n}${ending || (/\.\w+$/.exec(plain)?.[0] ?? '')}`
      taken.add(out.toLowerCase())
      return [name, out]
    }),
  )
}
