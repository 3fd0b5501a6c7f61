// A new detection in a language: a query for something that does not exist, and cases that show it at work.

/** The first query is about connections if the technique shows in traffic, otherwise about programs. */
export type Kind = 'network' | 'process'

export interface Names {
  /** ATT&CK id, and short names of its tactics. */
  readonly technique: { readonly id: string; readonly tactics: readonly string[] }
  /** Of the detection. */
  readonly id: string
  readonly title: string
  /** `YYYY-MM-DD`. */
  readonly today: string
  /** A UUID of its own, for each use. */
  readonly guid: (use: string) => string
}

export interface Sketch {
  readonly query: string
  /** Titles of `cases`: what must be found, and what must not. */
  readonly cases: string
  readonly data_sources: readonly string[]
  readonly tables: readonly string[]
  readonly log_settings: readonly string[]
  readonly entity: readonly string[]
  /** Steps of the investigation, with queries that run. */
  readonly step: string
}

export interface Scaffold {
  /** Name of the query's file. */
  readonly file: string
  sketch(kind: Kind, names: Names): Sketch
}

/** No program has this name. */
export const PROGRAM = 'assay-placeholder.exe'
/** TEST-NET-1 (RFC 5737): no host has this address. */
export const ADDRESS = '192.0.2.1'
/** The case of the false positive that every folder begins with. */
export const BENIGN = 'something else of the same kind'

export const COMMENT = (technique: string, mark: string): string =>
  `${mark} TODO: the activity of ${technique}. Until then this looks for what does not exist outside of its tests.`

export const CLOCK = `\`\`\`clock
now: 2026-06-22T00:00:00Z
from: 2026-06-21T00:00:00Z
to: 2026-06-22T00:00:00Z
\`\`\``

interface CaseText {
  readonly title: string
  readonly prose?: string
  /** A fence with its body. */
  readonly telemetry: string
  /** Undefined: it must stay quiet. */
  readonly result?: string
}

/** A page of cases for one query. */
export function page(title: string, intro: string, query: string, cases: readonly CaseText[]): string {
  const one = ({ title, prose, telemetry, result }: CaseText): string =>
    [
      `## ${title}`,
      ...(prose === undefined ? [] : [prose]),
      '',
      telemetry,
      query,
      result === undefined ? fence('quiet', '') : fence('result', result),
      '',
    ].join('\n')
  return [`# ${title}`, '', intro, '', CLOCK, '', ...cases.map(one)].join('\n')
}

export const fence = (info: string, body: string): string => `\`\`\`${info}\n${body}${body === '' ? '' : '\n'}\`\`\``

export const INTRO =
  'Made by `assay new`. TODO: put in telemetry of the technique and of what is like it, from a lab or a range, and take the rest out.'
