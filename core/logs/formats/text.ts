import type { FormatRecord } from '../format.ts'

/** No file is recognised as this. The engine uses it for queries that parse messages themselves (`plainText` in `registry.ts`). */
export const text: FormatRecord = {
  name: 'text',
  title: 'Text of no known format',
  doc:
    'Each line is a message, without fields and without a time: for query languages that parse messages themselves. No file is recognised as ' +
    'this; it is what is left for such a query where no format fits.',
  unit: 'line',
  recognise: () => undefined,
  reader: () => ({
    read: (record) => (record.trim() === '' ? { skip: 'blank' } : { fields: new Map(), time: undefined }),
  }),
  aliases: {},
  tags: {},
  json: false,
}
