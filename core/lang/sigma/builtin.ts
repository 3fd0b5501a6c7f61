// The record of a modifier or of a type of correlation, and helpers to write one.
import type { AggCall, Expr } from '../../plan/plan.ts'
import type { Builtin, Example } from '../shared/builtin.ts'
import type { Part } from './pattern.ts'

/** The comparison of an item with its field, after the modifiers that were read so far. */
export interface Matching {
  /** The values as written, each with its forms; one matching form is enough. Undefined: the field must be missing. */
  readonly values: readonly (readonly (readonly Part[] | undefined)[])[]
  readonly how: 'cidr' | 'exists' | 'fieldref' | 'number' | 're' | 'text'
  /** For `number`: the comparison. For `fieldref`: the end of the field. */
  readonly op: string
  readonly flags: string
  /** The part of a date to compare, such as `hour`. Empty: the whole field. */
  readonly part: string
  readonly cased: boolean
  readonly all: boolean
  readonly negated: boolean
  /** The values are bytes, one character each, after an encoding modifier. Base64 must follow. */
  readonly isBytes: boolean
}

/** Throws a `Misuse` if the modifier does not fit. */
export type Modify = (m: Matching, given: Given) => Matching

export interface Given {
  /** Values of a placeholder. Undefined: not known yet. */
  placeholder(name: string): readonly string[] | undefined
}

/** `windash` makes up to 625 forms of a value, `base64offset` three, and a key may name a modifier many times. */
const MOST_FORMS = 50_000
const MOST_CHARACTERS = 16_000_000

/** Changes every form of every value. A form can become several. Throws `Misuse` before the forms of a key outgrow any real rule. */
export function mapForms(
  m: Matching,
  change: (form: readonly Part[] | undefined) => readonly (readonly Part[] | undefined)[],
): Matching {
  let count = 0
  let characters = 0
  const values = m.values.map((forms) =>
    forms.flatMap((form) => {
      const changed = change(form)
      count += changed.length
      for (const parts of changed) for (const p of parts ?? []) characters += 'text' in p ? p.text.length : 1
      if (count > MOST_FORMS || characters > MOST_CHARACTERS)
        throw new Misuse(
          `makes more than ${MOST_FORMS} forms or ${MOST_CHARACTERS} characters of the values`,
          'use fewer modifiers or values',
        )
      return changed
    }),
  )
  return { ...m, values }
}

export class Misuse extends Error {
  readonly remedy: string
  constructor(problem: string, remedy: string) {
    super(problem)
    this.remedy = remedy
  }
}

export interface Lower {
  readonly modify?: Modify
  /** The aggregate over the findings in a window of the timespan. It can read the rule's name and the field of a finding. */
  readonly counts?: (of: {
    readonly rule: Expr
    readonly field: Expr
    /** 0 to 100, if the condition has it. */
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

/** `given`: values of the field `CommandLine`. `finds`: the values that match. */
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
