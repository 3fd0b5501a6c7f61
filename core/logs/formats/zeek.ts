// Zeek's logs: JSON, and tab-separated values.
import { byName } from '../../text/by-name.ts'
import { CORELIGHT } from '../cps/corelight.ts'
import type {
  Bad,
  Event,
  FactNames,
  FormatContext,
  FormatRecord,
  JsonMessages,
  JsonSample,
  Reader,
  SigmaSource,
  Skip,
} from '../format.ts'
import { networkJsonReader, type NetworkOf } from '../network/json-network.ts'
import { plus, protocolName, yes } from '../network/network.ts'
import { LazyEvent, MapFields } from '../readers/fields.ts'
import { recogniseObjects } from '../readers/recognise.ts'
import { epochSeconds, stamp } from '../readers/stamp.ts'
import { timeByKeys } from '../readers/time-keys.ts'

const SIGMA: readonly SigmaSource[] = [
  { product: 'zeek', service: 'conn', where: { conn_state: 'present' } },
  { product: 'zeek', service: 'dns', where: { uid: 'present', trans_id: 'present' } },
  { product: 'zeek', service: 'http', where: { uid: 'present', trans_depth: 'present' } },
]
const FACTS: FactNames = {
  'source address': ['id.orig_h'],
  'source port': ['id.orig_p'],
  'destination address': ['id.resp_h'],
  'destination port': ['id.resp_p'],
  'bytes sent': ['orig_bytes'],
  'bytes received': ['resp_bytes'],
  session: ['uid'],
}

const message: JsonMessages = {
  of: 'json',
  label: 'Zeek',
  score: 0.97,
  is: (object) => isZeek(object),
  reader: (context) => networkJsonReader(context, zeekTime, zeekNetwork),
}

export const zeek: FormatRecord = {
  name: 'zeek',
  title: 'Zeek, JSON',
  doc: 'Logs of Zeek or Corelight as JSON lines; `id.orig_h` may be written flat, nested or with an underscore. A record of conn.log is a connection.',
  unit: 'line',
  recognise: (head) => recogniseObjects(head, message.score, 'with ts or uid and id.orig_h or _path', message.is),
  reader: message.reader,
  inMessages: message,
  views: ['network'],
  sigma: SIGMA,
  facts: FACTS,
  cps: { inferred: CORELIGHT },
  aliases: {},
  tags: { _sourceCategory: 'network/zeek' },
  json: true,
}

export const zeekTsv: FormatRecord = {
  name: 'zeek-tsv',
  title: 'Zeek, tab-separated',
  doc: 'Logs of Zeek with `#separator`, `#fields` and `#types` above the rows; unset values are absent, empty ones empty, `\\x09` is a byte.',
  unit: 'lines-after-header',
  // A file may hold several logs, each under its own header.
  sequential: true,
  recognise: (head) =>
    isZeekTsv(head.lines)
      ? { score: 0.99, why: 'the file begins with the header of a Zeek log (#separator, #fields)' }
      : undefined,
  reader: (context, header) => new ZeekTsvReader(context, header),
  views: ['network'],
  sigma: SIGMA,
  cps: { inferred: CORELIGHT },
  aliases: {},
  tags: { _sourceCategory: 'network/zeek' },
  json: false,
}

type Fields = ReadonlyMap<string, string>

const hasEnds = (o: JsonSample): boolean =>
  'id.orig_h' in o || 'id_orig_h' in o || (typeof o['id'] === 'object' && o['id'] !== null && 'orig_h' in o['id'])
const isZeek = (o: JsonSample): boolean =>
  (hasEnds(o) && ('ts' in o || 'uid' in o)) || ('_path' in o && ('ts' in o || '_write_ts' in o || 'uid' in o))

/** `ts` is seconds with six decimals, or ISO 8601 by configuration; exports add a time of their own. */
function zeekTime(fields: Fields, context: FormatContext): bigint | undefined {
  const ts = fields.get('ts')
  if (ts === undefined) return timeByKeys(fields, context)
  return stamp(ts, context)
}

/**
 * States in which both sides sent. Zeek observes and enforces nothing, so there is no policy. The action is `allow` where an answer proves that
 * the connection passed. It is absent where a firewall may have stopped it (S0, REJ, …).
 */
const ANSWERED = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR'])
const UNANSWERED = new Set(['S0', 'REJ', 'RSTOS0', 'RSTRH', 'SH', 'SHR'])

/** Writers spell `id.orig_h` flat, nested (the same name once flattened) or with an underscore. */
const OTHER_SPELLING: Readonly<Record<string, string>> = byName({
  'id.orig_h': 'id_orig_h',
  'id.orig_p': 'id_orig_p',
  'id.resp_h': 'id_resp_h',
  'id.resp_p': 'id_resp_p',
})

/** Only records of conn.log are connections. Those of ftp.log, ssl.log and others describe the same ones. */
const zeekNetwork: NetworkOf = (name, get, time) => {
  const state = get('conn_state')
  if (state === undefined) return undefined
  const id = (field: string): string | undefined => get(field) ?? get(OTHER_SPELLING[field] as string)
  switch (name) {
    case 'key':
      return ''
    case 'src_ip':
      return id('id.orig_h')
    case 'src_port':
      return id('id.orig_p')
    case 'dest_ip':
      return id('id.resp_h')
    case 'dest_port':
      return id('id.resp_p')
    case 'protocol':
      return protocolName(get('proto'))
    case 'start':
      return time()?.toString()
    case 'end': {
      const lasted = get('duration')
      const from = time()
      if (from === undefined) return undefined
      return String(from + (lasted === undefined ? 0n : (epochSeconds(lasted) ?? 0n)))
    }
    case 'established':
      return ANSWERED.has(state) ? yes(true) : UNANSWERED.has(state) ? yes(false) : undefined
    case 'action':
      return ANSWERED.has(state) ? 'allow' : undefined
    case 'bytes_out':
      return get('orig_bytes')
    case 'bytes_in':
      return get('resp_bytes')
    case 'bytes':
      return plus(get('orig_bytes'), get('resp_bytes'))
    case 'duration':
      return get('duration')
    case 'session_id':
      return get('uid')
    case 'app':
      return get('service')
    case 'role': {
      // Several services of a connection have commas between them.
      const services = (get('service') ?? '').split(',')
      return services.includes('ftp-data') ? 'data' : services.includes('ftp') ? 'control' : undefined
    }
    default:
      return undefined
  }
}

interface Header {
  readonly separator: string
  readonly empty: string
  readonly unset: string
  readonly names: readonly string[]
}

/** The first lines define separator and columns; in a file of several logs each has such a header. */
class ZeekTsvReader implements Reader {
  #header: Header = { separator: '\t', empty: '(empty)', unset: '-', names: [] }
  readonly #context: FormatContext

  constructor(context: FormatContext, header: readonly string[]) {
    this.#context = context
    for (const line of header) {
      if (!line.startsWith('#')) break
      this.#directive(clean(line))
    }
  }

  read(record: string): Bad | Event | Skip {
    const line = clean(record)
    if (line === '') return { skip: 'blank' }
    if (line.startsWith('#')) {
      this.#directive(line)
      return { skip: 'header' }
    }
    const { names, separator, empty, unset } = this.#header
    if (names.length === 0) return { bad: 'no #fields before it' }
    const values = line.split(separator)
    // Some writers end a row with a tab.
    if (values.length === names.length + 1 && values.at(-1) === '') values.pop()
    if (values.length !== names.length) return { bad: `${values.length} values for ${names.length} fields` }
    const fields = new Map<string, string>()
    for (let i = 0; i < names.length; i++) {
      const value = values[i] as string
      if (value !== unset) fields.set(names[i] as string, value === empty ? '' : unescapeBytes(value))
    }
    const when = (f: Fields): bigint | undefined => zeekTime(f, this.#context)
    return new LazyEvent(
      new MapFields(fields, when, (name, f) =>
        zeekNetwork(
          name.slice(8),
          (n) => f.get(n),
          () => when(f),
        ),
      ),
    )
  }

  #directive(line: string): void {
    const at = line.search(/[ \t]/)
    const separator = line.startsWith('#separator') ? ' ' : this.#header.separator
    const [name, ...values] = line.startsWith('#separator')
      ? [line.slice(0, at), line.slice(at + 1)]
      : line.split(separator)
    if (name === '#separator') this.#header = { ...this.#header, separator: unescapeBytes(values[0] ?? '\\x09') }
    else if (name === '#empty_field') this.#header = { ...this.#header, empty: values[0] ?? '' }
    else if (name === '#unset_field') this.#header = { ...this.#header, unset: values[0] ?? '' }
    else if (name === '#fields') this.#header = { ...this.#header, names: values }
  }
}

const clean = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line)

/**
 * `\x09` is a byte. A doubled backslash stays doubled, as in the output of zeek-cut; `\\xff` is a backslash and two letters, not a byte.
 * Bytes that are not UTF-8 stay escaped.
 */
function unescapeBytes(text: string): string {
  if (!text.includes('\\x')) return text
  return text.replace(/\\\\|(?:\\x[\dA-Fa-f]{2})+/g, (run) => (run === '\\\\' ? run : decodeBytes(run)))
}

function decodeBytes(run: string): string {
  try {
    return decodeURIComponent(run.replaceAll('\\x', '%'))
  } catch {
    // Decode the ASCII bytes among others that are not UTF-8.
    return run.replace(/\\x([0-7][\dA-Fa-f])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
}

const isZeekTsv = (head: readonly string[]): boolean =>
  head.slice(0, 4).some((l) => l.startsWith('#separator ')) && head.some((l) => /^#fields\s/.test(l))
