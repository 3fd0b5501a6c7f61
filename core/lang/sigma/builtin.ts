// What a modifier or a type of correlation is to lowering, and the way to write one down.
import type { AggCall, Expr } from '../../plan/plan.ts'
import type { Builtin, Example } from '../shared/builtin.ts'
import type { Part } from './pattern.ts'

/** What an item compares its field with, as far as the modifiers read so far say. */
export interface Matching {
  /** The values as written, each with its forms: any form of a value will do. Undefined: the field must be missing. */
  readonly values: readonly (readonly (readonly Part[] | undefined)[])[]
  readonly how: 'cidr' | 'exists' | 'fieldref' | 'number' | 're' | 'text'
  /** Of `number`: which comparison. Of `fieldref`: which end of the field. */
  readonly op: string
  readonly flags: string
  /** A part of the date is compared, not the field; empty: the field. */
  readonly part: string
  readonly cased: boolean
  readonly all: boolean
  readonly negated: boolean
  /** The values are bytes, one character for each: an encoding waits for Base64. */
  readonly isBytes: boolean
}

/** Throws a `Misuse` where the modifier does not fit. */
export type Modify = (m: Matching, given: Given) => Matching

export interface Given {
  /** Values of a placeholder; undefined: not known yet. */
  placeholder(name: string): readonly string[] | undefined
}

/** Every form of every value changed; a form may become several. */
export const mapForms = (
  m: Matching,
  change: (form: readonly Part[] | undefined) => readonly (readonly Part[] | undefined)[],
): Matching => ({ ...m, values: m.values.map((forms) => forms.flatMap(change)) })

export class Misuse extends Error {
  readonly remedy: string
  constructor(problem: string, remedy: string) {
    super(problem)
    this.remedy = remedy
  }
}

export interface Lower {
  readonly modify?: Modify
  /** What is counted in a window of the timespan: over the time, the name of the rule and the field of a finding. */
  readonly counts?: (of: {
    readonly rule: Expr
    readonly field: Expr
    /** 0 to 100, where the condition says it. */
    readonly percentile: number | undefined
  }) => Pick<AggCall, 'args' | 'consts' | 'prim' | 'ty'>
}

export type SigmaBuiltin = Builtin<Lower>

const SPEC = 'appendix/sigma-modifiers-appendix.md of the Sigma specification'

/** A modifier with examples over a rule that has one selection. */
export function modifier(
  name: string,
  doc: string,
  modify: Modify,
  examples: SigmaBuiltin['examples'],
  notes: readonly string[] = [],
): SigmaBuiltin {
  return {
    name,
    category: 'modifiers',
    kind: 'filter',
    doc,
    notes,
    params: [],
    fidelity: 'exact',
    evidence: { vendorDoc: SPEC },
    examples,
    lower: { modify },
  }
}

/** `given`: values of the field `CommandLine`; `finds`: those that the selection takes. */
export function example(
  title: string,
  selection: string,
  given: readonly string[],
  finds: readonly string[],
  field = 'CommandLine',
): Example {
  const event = (value: string, i: number) => ({
    '@timestamp': `2026-06-21T09:00:0${i}Z`,
    EventID: '1',
    ...CHANNEL,
    [field]: value,
  })
  return {
    title,
    given: given.map(event),
    query: `title: ${title}\nlogsource:\n    category: process_creation\ndetection:\n    selection:\n${indent(selection)}\n    condition: selection\nfields:\n    - ${field}\n`,
    gives: finds.map((value) => ({
      '@timestamp': `2026-06-21T09:00:0${given.indexOf(value)}Z`,
      sigma_rule: title,
      [field]: value,
    })),
    from: { vendorDoc: SPEC },
  }
}

const CHANNEL = { Channel: 'Microsoft-Windows-Sysmon/Operational' }
const indent = (text: string): string =>
  text
    .split('\n')
    .map((l) => `        ${l}`)
    .join('\n')
