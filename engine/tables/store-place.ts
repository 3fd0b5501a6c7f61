import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The list of a store's parts, in its folder. */
export const MANIFEST = 'assay-store.json'
/** Folder of the parts. */
export const PARTS = 'parts'

export const isStore = (folder: string): boolean => existsSync(join(folder, MANIFEST))
