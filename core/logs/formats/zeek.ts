import type { LogFormat } from '../format.ts'
import { networkJsonReader } from '../network/json-network.ts'
import { byShare, sample } from '../readers/recognise.ts'
import { isZeek, looksLikeZeekTsv, ZeekTsvReader, zeekNetwork, zeekTime } from '../vendors/zeek/zeek.ts'

export const zeek: LogFormat = {
  name: 'zeek',
  title: 'Zeek, JSON',
  doc: 'Logs of Zeek or Corelight as JSON lines; `id.orig_h` may be written flat, nested or with an underscore. A record of conn.log is a connection.',
  unit: 'line',
  recognise: (head) => byShare(sample(head), 0.97, 'with ts or uid and id.orig_h or _path', isZeek),
  reader: (context) => networkJsonReader(context, zeekTime, zeekNetwork),
  aliases: {},
  tags: {},
  json: true,
}

export const zeekTsv: LogFormat = {
  name: 'zeek-tsv',
  title: 'Zeek, tab-separated',
  doc: 'Logs of Zeek with `#separator`, `#fields` and `#types` above the rows; unset values are absent, empty ones empty, `\\x09` is a byte.',
  unit: 'lines-after-header',
  // A file may hold several logs, each under its own header.
  sequential: true,
  recognise: (head) =>
    looksLikeZeekTsv(head)
      ? { score: 0.99, why: 'the file begins with the header of a Zeek log (#separator, #fields)' }
      : undefined,
  reader: (context, header) => new ZeekTsvReader(context, header),
  aliases: {},
  tags: {},
  json: false,
}
