// A log format turns the records of a file into events. One file each in formats/; the registry finds it by folder.
// Formats are pure: they get text, they give fields. Splitting bytes into lines, gzip and charsets are the engine's.

/** An event as it was logged: names and texts in the order of the record. JSON numbers keep their lexeme. */
export interface Event {
  readonly fields: ReadonlyMap<string, string>
  /** Events with the same object have the same names. */
  readonly shape?: EventShape
  /** The record, where the event has a shape. */
  readonly record?: ValuesByPlace
  /** Microseconds since 1970 UTC; undefined: the record has no time. */
  readonly time: bigint | undefined
  /** The message as it was sent, where the record wraps it (a row of an export); left out: the record is the message. */
  readonly raw?: string
  /** Doubts about a record that was read all the same ("duplicate key x"). The engine counts them and shows a sample. */
  readonly notes?: readonly string[]
  /** A record of another format than that of the file: it does not answer to the names of the file's format. */
  readonly isOther?: true
}

/** The names of events that have the same ones. */
export interface EventShape {
  /** Names of the fields, in the order of the record. */
  names(): Iterable<string>
  /** The place of the value that a name has in all these events. Null: none has the name. Undefined: the event's values decide. */
  placeOf(name: string): number | null | undefined
  /** The text that a name has in all these events without being a value of them. Undefined: there is none, or it is not known. */
  textOf?(name: string): string | undefined
}

/** A record whose values are cut out when they are read. */
export interface ValuesByPlace {
  value(place: number): string
  /** The value as the record writes it, with its escapes. Equal spellings in records of one format are equal values. */
  spelling(place: number): string
}

/** A record that cannot be read, and why, in a few words ("not JSON", "cut off", "not an object"). */
export interface Bad {
  readonly bad: string
}
/** A line that carries no event by design: a header, a comment, a footer. Counted as blank. */
export interface Skip {
  readonly skip: string
}

export interface FormatContext {
  /** Zone for stamps without one, IANA name or offset. */
  readonly zone: string
  /** Year for stamps without one. */
  readonly year: number
  /** Chooses the year instead. `inYear`: the stamp in a year, microseconds; undefined: that year has no such day. */
  readonly withoutYear?: (inYear: (year: number) => bigint | undefined) => bigint | undefined
  /** Hears of words in the place of a zone that name none. Their stamps have no time, unless the source's zone is given. */
  readonly unknownZone?: (word: string) => void
  /** `own`: no name of another vocabulary is asked for, so events need not answer to any. Left out: they answer. */
  readonly names?: 'own'
}

/** Reads records of one file in order; may keep state (a header line). One reader per file chunk that starts at a record. */
export interface Reader {
  read(record: string): Event | Bad | Skip
  /** The same for a record that is certainly one JSON object, without repeated keys, by its flat fields. Left out: only `read` can tell. */
  object?(fields: ReadonlyMap<string, string>): Event
  /** After the last record: the rest the reader still holds (a record that never ended). */
  end?(): Event | Bad | Skip | undefined
}

/** A JSON object as `JSON.parse` gives it: for recognition only, since its numbers have lost their lexemes. */
export type JsonSample = Readonly<Record<string, unknown>>

/** The first lines of a file. Every format looks at the same ones, so they are parsed once. */
export interface FileHead {
  readonly lines: readonly string[]
  /** Lines that are not blank. */
  readonly filled: readonly string[]
  /** The JSON objects among the lines, one a line. */
  readonly objects: readonly JsonSample[]
  /** The file is a JSON array, an answer with one, or objects over several lines: its first records, one a line, and the shape in words. */
  readonly documents: { readonly head: FileHead; readonly what: string } | undefined
}

export interface Recognition {
  /** 0..1; the highest wins, ties by name. */
  readonly score: number
  /** Shown to the user: "98 of 100 lines are JSON objects with event_simpleName". */
  readonly why: string
}

/** How records of a format are recognised and read inside another record: after a syslog head, in a column of an export, in a mixed file. */
export type InMessages = TextMessages | JsonMessages

interface Messages {
  /** Of the format, supplied by the registry. */
  readonly tags?: Readonly<Record<string, string>>
  readonly aliases?: Readonly<Record<string, readonly string[]>>
  /** The product, as a note names it: "a Cisco ASA message among others". */
  readonly label: string
  /** As in `Recognition`: of the formats that fit a message the one with the highest score reads it, ties by order of file name. */
  readonly score: number
  reader(context: FormatContext): Pick<Reader, 'read'>
}
export interface TextMessages extends Messages {
  readonly of: 'text'
  /** `message`: any text, with or without a syslog head. */
  is(message: string): boolean
}
export interface JsonMessages extends Messages {
  readonly of: 'json'
  /** Any object is such a message: only where no other format fits. */
  readonly isGeneric?: true
  /** `object`: the message, parsed. Its reader gets the text. */
  is(object: JsonSample): boolean
}

/**
 * A log source of Sigma (category, product, service of its specification) and its events: those in which every field of `where` has one of
 * the values, ignoring case; `*` in a value is any text. Fields are read as a query reads them, tags included. Several entries for one log
 * source mean any of them.
 */
export interface SigmaSource {
  readonly category?: string
  readonly product?: string
  readonly service?: string
  readonly where: Readonly<Record<string, readonly string[] | 'absent' | 'present'>>
}

/** Facts that many formats record under different names; see `vocabulary.ts`. */
export type Fact =
  | 'action'
  | 'bytes received'
  | 'bytes sent'
  | 'destination address'
  | 'destination port'
  | 'host'
  | 'process'
  | 'protocol'
  | 'session'
  | 'source address'
  | 'source port'
  | 'user'
export type FactNames = Readonly<Partial<Record<Fact, readonly string[]>>>

/** How an event answers to a name: with another field of its own, or with a text that is computed from them. Undefined: absent. */
export type Answer = string | ComputedAnswer
export interface ComputedAnswer {
  (get: (field: string) => string | undefined): string | undefined
  /** Fields that are tried first, in this order: the text of one of them is the answer, as it is. */
  readonly fields?: readonly string[]
  /** Where none of the fields has a value, the answer is found elsewhere. */
  readonly isOpen?: boolean
}
export type Answers = Readonly<Record<string, Answer>>

/**
 * Names that CrowdStrike's Next-Gen SIEM gives the fields of third-party logs (CrowdStrike Parsing Standard, CPS), by their evidence. Tags
 * begin with `#`, elements of arrays end with `[n]`. Other fields answer to `Vendor.<name>`.
 */
export interface CpsNames {
  /** The vendor documents it. */
  readonly documented?: Answers
  /** A public parser of the product does it. */
  readonly published?: Answers
  /** A user of the product published it. */
  readonly reported?: Answers
  /** It follows from the standard, or from the parser of a similar product. */
  readonly inferred?: Answers
  /** In front of the vendor's own names, the longest first. Left out: `Vendor.`. */
  readonly prefixes?: readonly string[]
}

/** Values of a field: one of these; any; any that is not empty. */
export type Shown = readonly string[] | 'filled' | 'present'

/** A format as its file in formats/ declares it. */
export interface FormatRecord {
  readonly name: string
  readonly title: string
  readonly doc: string
  /**
   * `line`: a record is a line and any chunk of whole lines can be read alone.
   * `lines-after-header`: the same, but the reader needs `header` (the first lines of the file).
   * `file`: the whole file is one text that `split` cuts into records (a JSON array).
   */
  readonly unit: 'file' | 'line' | 'lines-after-header'
  /** A record may go on over several lines, so chunks cannot be cut at any line: one reader reads the file in order. */
  readonly sequential?: true
  recognise(head: FileHead, inside: readonly InMessages[]): Recognition | undefined
  /** `inside`: the formats whose records may lie inside those of this one, best score first. */
  reader(context: FormatContext, header: readonly string[], inside: readonly InMessages[]): Reader
  /** Name of the same format in a JSON array, an answer with one, or objects over several lines. Only for `line`. Left out: `NAME-documents`, for formats of JSON messages. */
  readonly documents?: string
  /** Only for `file`: cuts the text into records, each with its 1-based line. */
  split?(text: string): Iterable<{ readonly record: string; readonly line: number }>
  /** Events as a file of this format, for generated telemetry. A field that the format has no place for is left out. */
  write?(events: readonly Event[]): string
  /** Left out: records of this format are read only in files of their own. */
  readonly inMessages?: InMessages
  /** Read, but on fewer than fifty lines that real products wrote and that are public. */
  readonly unproven?: true
  /** Names of the views (views/) in which its events take part. */
  readonly views?: readonly string[]
  readonly sigma?: readonly SigmaSource[]
  /** The format's own names of common facts, for suggestions. */
  readonly facts?: FactNames
  /** Names of Next-Gen SIEM for its fields. Left out: its parser is not known. */
  readonly cps?: CpsNames
  /** Names by which a language may ask for a field, tried in order on the event. The first is the vendor's own. */
  readonly aliases: Readonly<Record<string, readonly string[]>>
  /** Fields that the reader computes: their values are not in the text of the record. */
  readonly computed?: readonly string[]
  /**
   * Each value is in the text of the record, though other characters than letters and digits may be escaped, unless the text matches this.
   * Left out: a value may not be there.
   */
  readonly respelled?: RegExp
  /** Source category, repository or other tags of its events; tags given with the file replace them. */
  readonly tags: Readonly<Record<string, string>>
  /**
   * True: records are JSON objects, and their text has the names and values of the event, so the engine may skip lines by their bytes. Computed names (`network:key`) are exempt. False where the reader renames fields.
   */
  readonly json: boolean
  /** The same for texts that are not JSON. Left out: every line is parsed. */
  readonly plain?: PlainText
}

/** The places of values in the text of a record. Patterns are V8's, without numbered groups. A wrong answer here loses events. */
export interface PlainText {
  /**
   * Returns a pattern for the text right before a value of this field, for values of digits only; neither digit, letter nor dot follows
   * them. `null`: no event of the format has the field. `undefined`: its values may have another form in the record.
   */
  before(field: string): string | null | undefined
  /**
   * Returns multi-line patterns such that a line whose field has one of these values matches at least one. `[]`: no event can have such a
   * value. `undefined`: unknown. Values are printable ASCII without quotes and backslashes.
   */
  shows?(field: string, values: Shown): readonly string[] | undefined
  /** Every record of this format contains at least one of these strings. A line with none of them is always parsed. */
  readonly marks: readonly string[]
}

/** A format as everything outside this room uses it: `registry.ts` supplies the formats inside its records. */
export interface LogFormat extends Omit<FormatRecord, 'reader' | 'recognise'> {
  recognise(head: FileHead): Recognition | undefined
  reader(context: FormatContext, header: readonly string[]): Reader
  /** Do its events answer to the name without having a field of that name? */
  answers(name: string): boolean
}
