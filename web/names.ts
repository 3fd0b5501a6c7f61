// Safe names for files of the site, from any names of a detection's files.

/** Endings that a server sends as data and no browser runs. Anything else is sent as text. */
const HARMLESS = /\.(?:cql|csv|json|log|md|ndjson|sumo|txt|ya?ml)$/i
/** If the site is inside a project, Assay would read files of these names as detections and case pages. */
const READ_BY_ASSAY = /(?:^|\/)detection\.yml$|\.case\.md$/i

/** Most characters of a path. The beginning of a longer one is cut off, so the rest can begin with a slash. */
const MOST = 180

const segment = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_') || '_'

/** Each name as a path of plain characters. No two paths differ only in case. */
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
