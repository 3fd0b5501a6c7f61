// A format turns the records of a file into events. One file each in formats/; the registry finds it by folder.
// Formats are pure: they get text, they give fields. Splitting bytes into lines, gzip and charsets are the engine's.

/** An event as it was logged: names and texts in the order of the record. JSON numbers keep their lexeme. */
export interface Event {
  readonly fields: ReadonlyMap<string, string>
  /** Microseconds since 1970 UTC; undefined: the record tells none. */
  readonly time: bigint | undefined
  /** The message as it was sent, where the record wraps it (a row of an export); left out: the record is the message. */
  readonly raw?: string
  /** What a reader should know although the record could be used ("duplicate key x"). Counted and sampled by the engine. */
  readonly notes?: readonly string[]
}

/** A record that could not be read, and why, in a few words ("not JSON", "cut off", "not an object"). */
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
}

/** Reads records of one file in order; may keep state (a header line). One reader per file chunk that starts at a record. */
export interface Reader {
  read(record: string): Event | Bad | Skip
  /** After the last record: what it still holds (a record that never ended), if anything. */
  end?(): Event | Bad | Skip | undefined
}

export interface Recognition {
  /** 0..1; the highest wins, ties by name. */
  readonly score: number
  /** Said to the reader: "98 of 100 lines are JSON objects with event_simpleName". */
  readonly why: string
}

/** Values of a field: one of these; any; any that is not empty. */
export type Shown = readonly string[] | 'filled' | 'present'

export interface LogFormat {
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
  recognise(head: readonly string[]): Recognition | undefined
  reader(context: FormatContext, header: readonly string[]): Reader
  /** Only for `file`: cuts the text into records; must tell the 1-based line of each. */
  split?(text: string): Iterable<{ readonly record: string; readonly line: number }>
  /** Names by which a language may ask for a field, tried in order on the event. The first is the vendor's own. */
  readonly aliases: Readonly<Record<string, readonly string[]>>
  /** Source category, repository or other tags of events of this format when nobody says otherwise. */
  readonly tags: Readonly<Record<string, string>>
  /** For JSON lines, a literal that a record must contain if `field` has one of `values`: enables the byte search. */
  readonly json: boolean
  /** For the byte search in formats that are not JSON. Left out: every line is parsed. */
  readonly plain?: {
    /**
     * A regular expression (of V8, without groups that are numbered) for what stands right before a value of this field that is nothing
     * but digits; behind such a value stands neither digit, letter nor dot. `null`: no event of the format has the field. Undefined: its
     * values need not stand in the record as they are.
     */
    before(field: string): string | null | undefined
    /**
     * Regular expressions (of V8, multi-line, without groups that are numbered) of which one matches in a record, within its line, if the
     * field has such a value. Empty: no event of the format has. Undefined, or left out: nothing is known. Values are printable ASCII
     * without quotes and backslashes.
     */
    shows?(field: string, values: Shown): readonly string[] | undefined
    /** Texts of which a record shows one: a line with none of them is read, whatever is searched for. */
    readonly marks: readonly string[]
  }
}
