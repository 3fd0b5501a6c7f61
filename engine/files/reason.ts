/** Words for an error of the operating system. */
export function reasonOf(e: unknown): string {
  const code = (e as NodeJS.ErrnoException).code
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'ENOENT') return 'it does not exist'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'ELOOP') return 'a link that leads nowhere'
  if (code === 'EMFILE') return 'too many open files'
  return e instanceof Error ? e.message : String(e)
}
