// Diagnostics for fields that the query reads and its events lack, and for what follows from that.
import type { Diagnostic, Place } from '../diag/diagnostic.ts'
import { inText, noPlace, diagnostic } from '../diag/diagnostic.ts'
import * as codes from '../diag/catalogue/lint.ts'
import type { Plan, Relation } from '../plan/plan.ts'
import type { Source, Span } from '../text/source.ts'
import { type Consequence, consequences } from './reach.ts'

export interface AbsentField {
  readonly name: string
  /** The event type whose feeds never carry it, in any product. */
  readonly neverOn: string | undefined
  /** One sentence: what would supply it. Empty: nothing known. */
  readonly suppliedBy: string
}

export interface AbsentContext {
  readonly plan: Plan
  readonly source: Source
  readonly fields: readonly AbsentField[]
  /** Who lacks them: "all 1,204 events that pass the first filter", "NetworkConnectIP4 in an NG-SIEM export". */
  readonly subject: string
}

export function absentFieldDiagnostics({ plan, source, fields, subject }: AbsentContext): Diagnostic[] {
  if (fields.length === 0) return []
  const names = fields.map((f) => f.name)
  const spanOf = (name: string) => placeOfName(source, plan.out, name)
  const found = consequences(plan, (f) => names.includes(f))
  const keys = found.flatMap((c) => (c.kind === 'no-group' ? c.keys : []))
  const never = fields.filter((f) => f.neverOn !== undefined)
  const others = fields.filter((f) => f.neverOn === undefined && !keys.includes(f.name))
  const out: Diagnostic[] = []
  if (never[0]) {
    const same = never.map((f) => f.name)
    out.push(diagnostic(codes.fieldInNoFeed, spanOf(never[0].name), { fields: same, event: never[0].neverOn ?? '' }))
  }
  if (others[0]) {
    const params = { fields: others.map((f) => f.name), subject, suppliedBy: suppliers(others) }
    out.push(diagnostic(codes.fieldAbsentHere, spanOf(others[0].name), params))
  }
  const at = (c: Consequence): Place => (c.at ? inText(source, c.at) : noPlace)
  for (const c of found) {
    switch (c.kind) {
      case 'constant':
        out.push(
          diagnostic(codes.constantColumn, placeIn(source, c.at, c.column), {
            column: c.column,
            value: c.value === null ? 'absent' : String(c.value),
            because: c.because.length > 0 ? c.because : because(names, source, c.at),
          }),
        )
        break
      case 'never-passes':
        out.push(diagnostic(codes.neverPasses, at(c), { because: because(names, source, c.at) }))
        break
      case 'no-group': {
        const params = { keys: c.keys, subject, suppliedBy: suppliers(fields.filter((f) => c.keys.includes(f.name))) }
        out.push(diagnostic(codes.groupKeyAbsent, placeIn(source, c.at, c.keys[0] ?? ''), params))
        break
      }
      case 'out-of-reach': {
        const roots = never.length > 0 ? never.map((f) => f.name) : names
        out.push(
          diagnostic(codes.outOfReach, placeIn(source, c.at, String(c.values[0])), {
            column: c.column,
            values: c.values.map(String),
            because: roots,
          }),
        )
      }
    }
  }
  return out
}

const suppliers = (fields: readonly AbsentField[]): string => {
  const known = fields.filter((f) => f.suppliedBy)
  return [...new Set(known.map((f) => `\`${f.name}\`: ${f.suppliedBy}`))].join('; ')
}

/** The absent names that the text of a step mentions; all of them when it mentions none. */
function because(names: readonly string[], source: Source, at: Span | undefined): string[] {
  const text = at ? source.text.slice(at.start, at.end) : source.text
  const mentioned = names.filter((n) => nameAt(text, n) >= 0)
  return mentioned.length > 0 ? mentioned : [...names]
}

function nameAt(text: string, name: string): number {
  for (let i = text.indexOf(name); i >= 0; i = text.indexOf(name, i + 1)) {
    const inside = (c: string | undefined) => c !== undefined && /[\w.]/.test(c)
    if (!inside(text[i - 1]) && !inside(text[i + name.length])) return i
  }
  return -1
}

function placeIn(source: Source, at: Span | undefined, name: string): Place {
  if (!at) return noPlace
  const i = nameAt(source.text.slice(at.start, at.end), name)
  return inText(source, i < 0 ? at : { start: at.start + i, end: at.start + i + name.length })
}

/** Where a step first mentions the name. */
function placeOfName(source: Source, rel: Relation, name: string): Place {
  const at = rel.stages.map((s) => s.at).find((s) => s && nameAt(source.text.slice(s.start, s.end), name) >= 0)
  return placeIn(source, at ?? { start: 0, end: source.text.length }, name)
}
