import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The list of a store's parts, in its folder. */
export const MANIFEST = 'assay-store.json'
/** Folder of the parts. */
export const PARTS = 'parts'

export const isStore = (folder: string): boolean => existsSync(join(folder, MANIFEST))

/** Names of the files that a store writes for its parts. */
const PART = /^(?:no-time|[+-]?\d{4,6}-\d\d-\d\d)-[0-9a-f]{16}\.parquet$/
const UNFINISHED = /^\.[0-9a-f]{16}\.part$/
export const isPartFile = (name: string): boolean => PART.test(name) || UNFINISHED.test(name)

/** Below the folder of the parts. The list of a store from elsewhere could name any file of this machine. */
export const isPartPath = (path: string): boolean => {
  const [first, ...others] = path.split('/')
  const name = others.pop()
  return first === PARTS && others.every((o) => /^type=[\w.-]*$/.test(o)) && name !== undefined && PART.test(name)
}
