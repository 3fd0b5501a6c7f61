// WIT: generated telemetry, and queries compared by running them.
import { code } from '../diagnostic.ts'

export const noWitness = code<{ step: string | undefined; predicate: string | null }>({
  id: 'WIT001',
  slug: 'no-witness',
  severity: 'error',
  title: 'No generated event passes a step',
  message: (p) =>
    p.step === undefined
      ? 'no generated event leads to a finding'
      : p.predicate === null
        ? `no generated event passes the step \`${p.step}\``
        : `no generated event passes the step \`${p.step}\`: ${p.predicate} stays false`,
  why: 'Events are generated backwards from the predicates, and checked by evaluation. The search has a limit, so an event may exist that it does not find.',
  remedy: () =>
    'run `assay lint` on the query; if its predicates contradict each other, correct them, else write the event by hand',
})

export const neverPasses = code<{ step: string; predicate: string }>({
  id: 'WIT007',
  slug: 'never-passes',
  severity: 'error',
  title: 'A predicate is false for every event that reaches it',
  message: (p) => `no event passes the step \`${p.step}\`: ${p.predicate} contradicts what the query asks for before`,
  why: 'The steps before decide the predicate, so no search and no tenant finds an event.',
  remedy: () => 'correct one of the two predicates',
})

export const noNearMiss = code<{ step: string; predicate: string }>({
  id: 'WIT002',
  slug: 'no-near-miss',
  severity: 'warning',
  title: 'No generated event falls out at a predicate',
  message: (p) => `no generated event falls out at ${p.predicate} of the step \`${p.step}\``,
  why: 'A predicate that no event tells from `true` is not tested. The search has a limit, so an event may exist that it does not find.',
  remedy: () =>
    'write an event by hand that only this predicate drops, or remove the predicate if nothing changes without it',
})

export const alwaysHolds = code<{ step: string; predicate: string }>({
  id: 'WIT003',
  slug: 'always-holds',
  severity: 'info',
  title: 'A predicate holds for every event that reaches it',
  message: (p) => `${p.predicate} of the step \`${p.step}\` holds for every event that reaches it`,
  why: 'A step before it requires the same, so no event can fall out here.',
  remedy: () => 'leave it, or remove it: the findings stay the same',
})

export const notCompared = code<{ path: string; problem: string }>({
  id: 'WIT004',
  slug: 'allow-file',
  severity: 'error',
  title: 'The file of allowed differences cannot be used',
  message: (p) => `cannot use ${p.path}: ${p.problem}`,
  why: 'Each entry has `predicate`, the text of the deciding predicate as `assay verify` prints it, and `reason`.',
  remedy: () => 'write a YAML list of entries with `predicate:` and `reason:`',
})

export const noSuchFormat = code<{ name: string; known: readonly string[] }>({
  id: 'WIT005',
  slug: 'no-such-format',
  severity: 'error',
  title: 'Assay does not write events of this format',
  message: (p) => `Assay does not write events as \`${p.name}\``,
  why: 'A format is written only where the written text reads back as the same events.',
  remedy: (p) => `use --format with one of ${p.known.join(', ')}`,
})

export const changedByFormat = code<{ format: string; lost: number; all: number }>({
  id: 'WIT006',
  slug: 'changed-by-format',
  severity: 'warning',
  title: 'Some generated events do not survive the format',
  message: (p) => `${p.lost} of ${p.all} sets of events mean something else as ${p.format}, and are left out`,
  why: 'Each set was written, read back and given to the query again. The format has no place for one of its fields or values.',
  remedy: () => 'use --format ndjson, or --format json for a report of all of them',
})
