// An event under construction: texts for the fields that the plan reads, and for values that other events must supply.
import { jsonText } from '../plan/json-text.ts'
import type { Event } from '../logs/format.ts'
import type { SourceColumn, Ty, Value } from '../plan/plan.ts'

/** Variable → text; null: absent. Variables: `f:NAME`, `l:NAME`, `e:NAME`, `raw`, `text`, `time`, and `STEP:COLUMN` of computed values. */
export type Assignment = ReadonlyMap<string, string | null>

/** 2026-03-02T10:00:00Z, a Monday. Microseconds. */
export const BASE_TIME = 1_772_445_600_000_000n
/** Between the elements of a list. */
export const BETWEEN = '\u0001'
/** Fields in which free text may lie: the first that the query does not read. */
const TEXT_FIELDS = ['message', 'details', 'free_text'] as const

export function sourceVariable({ from }: SourceColumn): string | undefined {
  switch (from.kind) {
    case 'field':
      return `f:${from.name}`
    case 'array':
      return `l:${from.name}`
    case 'elements':
      return `e:${from.name}`
    case 'meta':
      return from.name === 'raw' || from.name === 'time' ? from.name : undefined
    case 'search':
      return from.of === undefined ? 'text' : `l:${from.of[0]}`
  }
}

/** A variable's text as a value of the type; null: it is none. */
export function typed(text: string | null, ty: Ty): Value {
  if (text === null) return null
  switch (ty) {
    case 'int':
    case 'time':
      return /^-?\d+$/.test(text) ? BigInt(text) : /^-?\d+\.\d+$/.test(text) ? BigInt(Math.trunc(Number(text))) : null
    case 'num':
      return Number.isFinite(Number(text)) ? Number(text) : null
    case 'bool':
      return text === 'true'
    case 'list':
      return text.split(BETWEEN)
    default:
      return text
  }
}

export const textOf = (value: Value): string | null =>
  value === null ? null : typeof value === 'object' ? value.join(BETWEEN) : String(value)

export function eventOf(of: Assignment): Event {
  const fields = new Map<string, string>()
  for (const [name, value] of of) {
    if (value === null) continue
    if (name.startsWith('f:')) fields.set(name.slice(2), value)
    else if (name.startsWith('l:'))
      value.split(BETWEEN).forEach((v, i) => {
        fields.set(arrayName(name.slice(2), i), v)
      })
    else if (name.startsWith('e:'))
      for (const [key, v] of members(value)) fields.set(`${name.slice(2)}[0]${key === '' ? '' : `.${key}`}`, v)
  }
  const text = of.get('text')
  if (text !== undefined && text !== null)
    fields.set(TEXT_FIELDS.find((n) => !of.has(`f:${n}`)) ?? TEXT_FIELDS[0], text)
  const time = of.get('time')
  const raw = of.get('raw')
  return {
    fields,
    time: time === undefined || time === null ? undefined : BigInt(time),
    ...(raw !== undefined && raw !== null && { raw }),
  }
}

const arrayName = (family: string, i: number): string =>
  family.includes('[]') ? family.replace('[]', `[${i}]`) : `${family}[${i}]`

function members(text: string): [string, string][] {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
      ? Object.entries(value).map(([k, v]) => [k, typeof v === 'string' ? v : jsonText(v)])
      : [['', text]]
  } catch {
    return [['', text]]
  }
}
