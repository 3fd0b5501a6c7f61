import type { FormatRecord } from '../format.ts'
import { messageParser } from '../mixed/vendor-dispatch.ts'

/** No file is recognised as this. The engine uses it for queries that parse messages themselves (`plainText` in `registry.ts`). */
export const text: FormatRecord = {
  name: 'text',
  title: 'Text of no known format',
  doc:
    'Each line is a message, without fields and without a time: for query languages that parse messages themselves. A line of a known format is read as ' +
    'one. No file is recognised as this; it is what is left for such a query where no format fits most of the lines.',
  unit: 'line',
  recognise: () => undefined,
  reader: (context, _, inside) => {
    const known = messageParser(context, inside)
    return {
      read: (record) =>
        record.trim() === '' ? { skip: 'blank' } : (known(record)?.event ?? { fields: new Map(), time: undefined }),
    }
  },
  views: ['network'],
  aliases: {},
  tags: {},
  json: false,
}
