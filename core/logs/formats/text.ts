import type { FormatRecord } from '../format.ts'

/** Taken by no file by itself: who reads messages by a query of their own asks for it (see `plainText` in `registry.ts`). */
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
