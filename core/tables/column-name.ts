// Names of columns in a store. Engines fold the case of names and some characters need quotes, so a name is made of the field's.

/** The same field has the same column in every part. Different fields have different ones, whatever their case. */
export const columnName = (field: string): string =>
  `${field
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 40)}_${fnv(field, 0x811c9dc5)}${fnv(field, 0x9e3779b9)}`

/** FNV-1a of 32 bits over UTF-16 units. */
function fnv(text: string, start: number): string {
  let h = start >>> 0
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i)
    h = Math.imul(h, 0x01000193) >>> 0
  }
  return h.toString(16).padStart(8, '0')
}

/** Columns of a store that are no fields: time in microseconds, place in the order of the input, record as it was logged. */
export const TIME_COLUMN = '_t'
export const ORDER_COLUMN = '_s'
export const RAW_COLUMN = '_r'
/** Of a name to which events answer without having such a field. */
export const hiddenColumn = (name: string): string => `_n_${columnName(name)}`
export const isOwnColumn = (name: string): boolean => /^_(?:[tsr]$|n_)/i.test(name)
