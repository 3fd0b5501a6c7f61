// Names of files inside a detection's folder.

/** Resolves a name in a page to a path of the folder. Undefined: the path leaves the folder. */
export function inFolder(name: string, from = ''): string | undefined {
  if (/[\\\0]|^[/~]|^[A-Za-z][A-Za-z0-9+.-]*:/.test(name)) return undefined
  const parts = from.split('/').slice(0, -1)
  for (const part of name.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.length === 0 ? undefined : parts.join('/')
}

/** The anchor of a heading: `a-benign-case`. */
export const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

/** `tests/benign.case.md#title` → page and anchor of the title. */
export function caseReference(text: string): { readonly page: string; readonly anchor: string | undefined } {
  const hash = text.indexOf('#')
  return hash < 0
    ? { page: text, anchor: undefined }
    : { page: text.slice(0, hash), anchor: anchor(text.slice(hash + 1)) }
}
