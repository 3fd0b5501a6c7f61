// The part of a job that the scan kernel has to know: names of fields, texts and values that matter, and keys of groups. Undefined: the job needs
// more of an event than a few fields, or the format's reader does not take fields.
import { candidates } from '../../../core/eval/bind.ts'
import { compilePred } from '../../../core/eval/compile.ts'
import { NETWORK } from '../../../core/logs/network/network.ts'
import { conjuncts } from '../../../core/plan/build.ts'
import type { Env, SourceNode } from '../../../core/plan/plan.ts'
import { columnsOfPred } from '../../../core/plan/walk.ts'
import { bestNeedles, equalities, type PrefilterInputs } from '../prefilter/json-prefilter.ts'
import type { Reduction } from '../partial-aggregation.ts'
import type { ProfileSpec, ScanJob } from '../scan-protocol.ts'
import { beginningOf } from './prefixes.ts'
import { isNameFit, type KernelSettings, type KernelTest, LONGEST_NEEDLE, MOST_NEEDLES } from './kernel.ts'

/** `sources`: of the job, and of the profiles whose events have to be read. */
export function kernelSettings(
  job: ScanJob,
  sources: readonly SourceNode[],
  inputs: PrefilterInputs,
): KernelSettings | undefined {
  const { format } = inputs
  if (job.survey || job.hunt || job.store || !format.json || format.unit !== 'line' || format.sequential)
    return undefined
  const all = [...job.sources, ...job.profiles.map((p) => p.source)]
  if (all.some((s) => s.rest || s.columns.some((c) => c.from.kind !== 'field' && c.from.kind !== 'meta')))
    return undefined
  const counted = job.profiles.flatMap((p) => [...p.fields, ...(p.values ?? [])])
  if (counted.some((name) => name.endsWith('[]'))) return undefined
  const names = [
    ...all.flatMap((s) => s.columns.flatMap((c) => (c.from.kind === 'field' ? [c.from.name] : []))),
    ...counted,
  ]
  const wanted = [...new Set(names.flatMap((n) => candidates(n, format.aliases)))].filter((n) => !n.startsWith(NETWORK))
  const needles = sources.map((s) => bestNeedles(s, format, inputs.tags).map((n) => n.slice(0, LONGEST_NEEDLE)))
  const texts = [...new Set(needles.flat())]
  return {
    wanted: wanted.filter(isNameFit),
    needles: needles.every((of) => of.length > 0) && texts.length <= MOST_NEEDLES ? texts : [],
    sources: sources.map((s) => [...equalities(s, format, inputs.tags), ...tests(s, inputs, job.env)]),
    everything: job.full,
    groupBy: job.full ? undefined : groupKeys(job, inputs),
  }
}

/** Conjuncts over one field that are no equalities. */
function tests(source: SourceNode, { format, tags }: PrefilterInputs, env: Env): KernelTest[] {
  return conjuncts(source.where).flatMap((where): KernelTest[] => {
    const [id, ...others] = columnsOfPred(where)
    const from = source.columns.find((c) => c.id === id)?.from
    if (id === undefined || others.length > 0 || from?.kind !== 'field') return []
    const names = fieldsOf(from.name, { format, tags })
    if (!names || equalities({ ...source, where }, format, tags).length > 0) return []
    if (where.kind === 'present' && where.expr.kind === 'col') return [{ names, values: [] }]
    let value: string | null = null
    const test = compilePred<null>(where, () => () => value, env)
    const holds = (of: string | null): boolean => {
      value = of
      return test(null)
    }
    const beginning = beginningOf(where)
    return [
      beginning
        ? { names, values: beginning.texts, holds, begins: beginning.isNegated ? 'not' : 'yes' }
        : { names, values: [], holds },
    ]
  })
}

/** The keys, if all that the job asks for are the numbers of events in groups. */
function groupKeys(
  { sources, reductions, profiles, bounds }: ScanJob,
  inputs: PrefilterInputs,
): string[][] | undefined {
  const [source] = sources
  const [reduction] = reductions ?? []
  if (!source || !reduction || sources.length > 1 || !isWhole(source, bounds)) return undefined
  const keys = countedKeys(source, reduction)?.map((name) => fieldsOf(name, inputs))
  if (!keys?.every((of) => of !== undefined)) return undefined
  const texts = keys.map((of) => of.join('\n'))
  const isCounted = ({ source: from, where, fields, values = [] }: ProfileSpec): boolean =>
    isWhole({ ...from, where }, bounds) &&
    values.length === 0 &&
    fields.every((f) => texts.includes(fieldsOf(f, inputs)?.join('\n') ?? ''))
  return profiles.every(isCounted) ? keys : undefined
}

const isWhole = ({ where, interval }: SourceNode, bounds: ScanJob['bounds']): boolean =>
  where.kind === 'true' && (bounds === null || interval !== 'query')

/** Names of the key fields of an aggregation that only counts events. */
function countedKeys(source: SourceNode, { before, first }: Reduction): string[] | undefined {
  if (first.kind !== 'aggregate' || before.some((s) => s.kind !== 'filter' || s.where.kind !== 'true')) return undefined
  const counts = first.aggs.every((a) => a.prim === 'agg.count' && a.args.length === 0 && a.where.kind === 'true')
  const names = first.keys.map(({ expr }) => {
    const column = expr.kind === 'col' ? source.columns.find((c) => c.id === expr.id) : undefined
    return column?.from.kind === 'field' && column.ty === 'str' ? column.from.name : undefined
  })
  return counts && names.every((n) => n !== undefined) ? names : undefined
}

/** Fields of a line that answer the name, tried in order. Undefined: an event may have it otherwise. */
export function fieldsOf(name: string, { format, tags }: PrefilterInputs): string[] | undefined {
  const names = [...candidates(name, format.aliases)]
  const isPlain = (n: string): boolean => isNameFit(n) && !Object.hasOwn(tags, n) && !n.startsWith(NETWORK)
  return !format.answers(name) && names.every(isPlain) ? names : undefined
}
