// The network view as stages: harmonised columns, connections numbered within their key by their starts, one row of each.
import { absent, and, call, col, conjuncts, iff, lit, not, or, present, test, text, TRUE } from '../../plan/build.ts'
import {
  type AggCall,
  type Expr,
  type Plan,
  type Pred,
  REST,
  type Relation,
  type SourceColumn,
  type SourceNode,
  type Stage,
  type Ty,
} from '../../plan/plan.ts'
import { columnsOfPred, mapPred, mapRelations, mapStage } from '../../plan/walk.ts'
import type { IntervalEnds, Viewed } from '../view.ts'
import { agg, finish, groupConnections, hidden, numberConnections } from './network-connections.ts'
import { LINK_FIELDS, LINK_READS, linkColumn, linkConnections, mayControl, OTHER_SIDE } from './network-links.ts'
import { NETWORK, NETWORK_FIELDS, SERVICE_PORTS } from '../network/network.ts'

export const VIEW_FIELDS: readonly string[] = [
  ...NETWORK_FIELDS,
  ...LINK_FIELDS,
  'end_time',
  'process_name',
  'start_time',
]

export function rewriteNetwork(plan: Plan, ends?: IntervalEnds): Viewed {
  let count = 0
  const rewritten = mapRelations(plan, (relation) => {
    const { from } = relation
    if (from.kind !== 'source' || from.name !== 'events') return relation
    count++
    return new Rewriter(from, relation.stages, ends).relation()
  })
  if (count === 0) return { plan, did: [], audit: undefined }
  return {
    plan: rewritten,
    did: ['one row per connection: records of a connection are joined by device, id, ends and start'],
    audit: undefined,
  }
}

/** Falcon's events about connections, under names of their own. The sensor logs a connection when it is made. */
const CONNECTS = ['NetworkConnectIP4', 'NetworkConnectIP6', 'NetworkReceiveAcceptIP4', 'NetworkReceiveAcceptIP6']

class Rewriter {
  readonly #source: SourceNode
  readonly #stages: readonly Stage[]
  /** Ends outside which rows are dropped; undefined: the scan drops records. */
  readonly #ends: IntervalEnds | undefined
  readonly #inner = new Map<string, SourceColumn>()

  constructor(source: SourceNode, stages: readonly Stage[], ends: IntervalEnds | undefined) {
    this.#source = source
    this.#stages = stages
    this.#ends = source.interval === 'query' && (ends?.start || ends?.end) ? ends : undefined
  }

  relation(): Relation {
    const wanted = this.#wanted()
    const where = and(this.#pushed(), this.#isConnection())
    const before: Stage[] = [
      {
        kind: 'set',
        columns: [
          { id: hidden('part'), expr: this.#partition() },
          { id: hidden('at'), expr: this.#start() },
        ],
      },
    ]
    const links = this.#needsLinks()
    const columns = [...wanted, ...(links || this.#ends ? [BEGUN] : []), ...(links ? linkColumns(wanted) : [])]
    const values = columns.map((c) => this.#aggregate(c))
    const stages = [
      ...before,
      ...numberConnections(),
      groupConnections(values.flatMap((v) => v.aggs)),
      finish(
        columns,
        values.map((v) => v.value),
      ),
      ...(links ? linkConnections(wanted, this.#conditions()) : []),
      ...(this.#ends ? [within(this.#ends)] : []),
    ]
    const ids = wanted.map((c) => c.id)
    const from: SourceNode = {
      ...this.#source,
      columns: [...this.#inner.values()],
      rest: false,
      interval: this.#ends ? 'all' : this.#source.interval,
      where: and(this.#source.where, where),
    }
    return { from, stages: [...stages, { kind: 'project', columns: ids, rest: false }, ...this.#later(ids)] }
  }

  /** A query that reads nothing that a link changes, or asks for ports that no linked connection has, goes without. */
  #needsLinks(): boolean {
    const { columns, rest } = this.#source
    const names = new Map(columns.flatMap((c) => (c.from.kind === 'field' ? [[c.id, c.from.name]] : [])))
    const reads = [...names.values()]
    if (rest || LINK_FIELDS.some((f) => reads.includes(f))) return true
    if (!reads.some((f) => Object.hasOwn(OTHER_SIDE, f))) return false
    return !conjunctsBeforeChange(this.#stages).some((p) => isOfServices(p, (id) => names.get(id)))
  }

  /** The query's columns, and all of the view where the query shows whole events. */
  #wanted(): SourceColumn[] {
    const { columns, rest } = this.#source
    if (!rest) return [...columns]
    const known = new Set(columns.flatMap((c) => (c.from.kind === 'field' ? [c.from.name, c.id] : [c.id])))
    const more = VIEW_FIELDS.filter((f) => !known.has(f)).map(
      (f): SourceColumn => ({ id: f, ty: 'str', from: { kind: 'field', name: f } }),
    )
    return [...columns, ...more]
  }

  /** A field of the logged event, in a hidden column. */
  #raw(id: string, name: string): Expr {
    return this.#column({ id: hidden(id), ty: 'str', from: { kind: 'field', name } })
  }

  #column(c: SourceColumn): Expr {
    if (!this.#inner.has(c.id)) this.#inner.set(c.id, c)
    return col(c.id, c.ty)
  }

  #meta(name: 'file' | 'raw' | 'seq' | 'time'): Expr {
    const ty: Ty = name === 'seq' ? 'int' : name === 'time' ? 'time' : 'str'
    return this.#column({ id: hidden(`meta.${name}`), ty, from: { kind: 'meta', name } })
  }

  #net(name: string): Expr {
    return this.#raw(name, NETWORK + name)
  }

  #falcon(name: string): Expr {
    return this.#raw(`falcon.${name}`, name)
  }

  #isFalcon(): Pred {
    return test('str.in', [this.#falcon('event_simpleName')], { values: CONNECTS, ignoreCase: false })
  }

  #isConnection(): Pred {
    return or(present(this.#net('key')), this.#isFalcon())
  }

  /** True for a record that is a connection of its own or none. Falcon's events have no key. */
  #isAlone(): Pred {
    const key = this.#net('key')
    return or(not(present(key)), test('str.eq', [key, text('')]))
  }

  /** Records with one key are one partition; any other record is a partition of its own. */
  #partition(): Expr {
    const alone = call('str.concat', 'str', [text('#'), call('int.toText', 'str', [this.#meta('seq')])])
    return iff(this.#isAlone(), alone, this.#net('key'))
  }

  #start(): Expr {
    const told = call('int.parse', 'int', [this.#net('start')])
    return iff(present(told), told, call('time.toInt', 'int', [this.#meta('time')]))
  }

  /** A harmonised value of a record. */
  #value(name: string): Expr {
    switch (name) {
      case 'src_ip':
        return this.#sided('src_ip', ['LocalAddressIP4', 'LocalAddressIP6'], ['RemoteAddressIP4', 'RemoteAddressIP6'])
      case 'dest_ip':
        return this.#sided('dest_ip', ['RemoteAddressIP4', 'RemoteAddressIP6'], ['LocalAddressIP4', 'LocalAddressIP6'])
      case 'src_port':
        return this.#sided('src_port', ['LocalPort'], ['RemotePort'])
      case 'dest_port':
        return this.#sided('dest_port', ['RemotePort'], ['LocalPort'])
      case 'protocol':
        return first(this.#net('protocol'), protocol(this.#falcon('Protocol')))
      case 'action':
      // A connection that the sensor reports was columns.
      case 'established':
        return iff(this.#isFalcon(), text(name === 'action' ? 'allow' : 'true'), this.#answered(name))
      case 'user':
        return first(this.#net('user'), this.#falcon('UserName'))
      case 'device':
        return first(this.#net('device'), this.#falcon('ComputerName'), this.#falcon('aid'))
      case 'process_name':
        return first(
          this.#raw('own.process_name', 'process_name'),
          fileOf(this.#falcon('ImageFileName')),
          this.#falcon('ContextBaseFileName'),
        )
      case 'start_time':
        return call('int.toText', 'str', [call('int.div', 'int', [this.#start(), lit(1000n, 'int')])])
      case 'end_time':
        return call('int.toText', 'str', [
          call('int.div', 'int', [call('int.parse', 'int', [this.#net('end')]), lit(1000n, 'int')]),
        ])
      default:
        return this.#net(name)
    }
  }

  /** A server of TFTP answers from another port, so that nothing comes back from port 69. */
  #answered(name: string): Expr {
    if (name !== 'established') return this.#net(name)
    const isRequest = and(
      test('str.eq', [this.#net('dest_port'), text('69')]),
      test('str.eq', [this.#net('protocol'), text('udp')]),
    )
    const isFalse = test('str.eq', [this.#net(name), text('false')])
    return iff(and(isRequest, isFalse), absent('str'), this.#net(name))
  }

  /** ConnectionDirection 1 is inbound: there the remote side is the source. */
  #sided(name: string, outbound: readonly string[], inbound: readonly string[]): Expr {
    const of = (fields: readonly string[]): Expr => first(...fields.map((f) => this.#falcon(f)))
    const isInbound = test('str.eq', [this.#falcon('ConnectionDirection'), text('1')])
    const own = this.#net(name)
    return iff(present(own), own, iff(this.#isFalcon(), iff(isInbound, of(inbound), of(outbound)), absent('str')))
  }

  /** A column of a connection's row: the aggregates over its records, and the value made of them. */
  #aggregate(c: SourceColumn): { aggs: readonly AggCall[]; value: Expr } {
    const id = hidden(`row.${c.id}`)
    const { from } = c
    if (from.kind === 'field' && from.name === 'bytes') return this.#volume(id)
    // Linking sets these.
    if (from.kind === 'field' && LINK_FIELDS.includes(from.name)) return { aggs: [], value: absent('str') }
    if (from.kind === 'field') return { aggs: [this.#best(id, this.#fieldValue(from.name))], value: col(id, 'str') }
    if (from.kind === 'meta' && from.name === 'time') {
      const start = call('int.toText', 'str', [this.#start()])
      return {
        aggs: [this.#best(id, start)],
        value: call('time.fromInt', 'time', [call('int.parse', 'int', [col(id, 'str')])]),
      }
    }
    if (from.kind === 'meta' && from.name === 'seq') {
      return { aggs: [agg(id, 'agg.minInt', [this.#meta('seq')], 'int')], value: col(id, 'int') }
    }
    if (from.kind === 'meta') return { aggs: [this.#best(id, this.#meta(from.name))], value: col(id, 'str') }
    if (from.kind === 'search') {
      const found = this.#column({ ...c, id: hidden(`search.${c.id}`) })
      const one = agg(id, 'agg.any', [iff({ kind: 'holds', expr: found }, text('1'), absent('str'))], 'str')
      return { aggs: [one], value: { kind: 'truth', of: present(col(id, 'str')), ty: 'bool' } }
    }
    return { aggs: [], value: lit([], 'list') }
  }

  /** The total, also where each direction is a record of its own. */
  #volume(id: string): { aggs: readonly AggCall[]; value: Expr } {
    const names = ['bytes', 'bytes_out', 'bytes_in']
    const [total, out, back] = names.map((n) => col(`${id}.${n}`, 'str')) as [Expr, Expr, Expr]
    const count = (e: Expr): Expr => call('int.parse', 'int', [e])
    const sum = call('int.toText', 'str', [call('int.add', 'int', [count(out), count(back)])])
    return { aggs: names.map((n) => this.#best(`${id}.${n}`, this.#net(n))), value: first(total, sum, out, back) }
  }

  #fieldValue(name: string): Expr {
    if (name === 'role' || name === 'end') return this.#net(name)
    if (VIEW_FIELDS.includes(name)) return this.#value(name)
    const own = this.#raw(`field.${name}`, name)
    if (name !== '_sourceCategory') return own
    // Here sensors count as one more source of firewall records, under the generic category.
    const isSensor = test('str.in', [own], { values: SENSORS, ignoreCase: false })
    return iff(and(present(own), not(isSensor)), own, text('network/firewall'))
  }

  /** The value of the record with the highest rank, among those that have the value. */
  #best(id: string, value: Expr): AggCall {
    const rank = call('num.parse', 'num', [this.#net('rank')])
    return agg(id, 'agg.argMax', [value, iff(present(rank), rank, lit(0, 'num')), this.#meta('seq')], 'str')
  }

  /**
   * The query's first filters, applied to single records. All records of a connection have the same ends, ports and source, so filters on
   * these are safe. A Cisco Teardown has no direction, so either direction passes. A record that is a connection of its own is tested in full,
   * also with its sides changed where links may change them. Control connections are kept for their links.
   */
  #pushed(): Pred {
    const names = new Map(this.#source.columns.flatMap((c) => (c.from.kind === 'field' ? [[c.id, c.from.name]] : [])))
    const applied = (p: Pred, swap: boolean): Pred =>
      mapPred(p, {
        expr: (e) => {
          const name = e.kind === 'col' ? names.get(e.id) : undefined
          return name === undefined ? e : this.#fieldValue(swap ? (OTHER_SIDE[name] ?? name) : name)
        },
      })
    const all = this.#conditions()
    const reads = (p: Pred, of: readonly string[]): boolean =>
      [...columnsOfPred(p)].every((id) => of.includes(names.get(id) as string))
    const constant = all.filter((p) => reads(p, CONSTANT))
    const ends = all.filter((p) => !constant.includes(p) && reads(p, [...CONSTANT, ...ENDS]))
    const others = all.filter((p) => !constant.includes(p) && !ends.includes(p))
    const sided = (preds: readonly Pred[], swap: boolean): Pred => and(...preds.map((p) => applied(p, swap)))
    const paired = not(this.#isAlone())
    const links = this.#needsLinks()
    const here = and(sided(ends, false), or(sided(others, false), paired))
    const there = and(sided(ends, true), links ? or(sided(others, true), paired) : paired)
    const control = links ? [mayControl(this.#net('dest_port'), this.#net('role'))] : []
    return and(sided(constant, false), ends.length + others.length === 0 ? TRUE : or(here, there, ...control))
  }

  /** The query's first filters on fields of events that linking does not set. */
  #conditions(): Pred[] {
    const names = new Map(this.#source.columns.flatMap((c) => (c.from.kind === 'field' ? [[c.id, c.from.name]] : [])))
    return conjunctsBeforeChange(this.#stages).filter((p) => {
      const reads = [...columnsOfPred(p)]
      return reads.length > 0 && reads.every((id) => names.has(id) && !LINK_FIELDS.includes(names.get(id) as string))
    })
  }

  /** The query's stages over rows of the view. A row has no rest of an event: a whole event is all fields of the view. */
  #later(ids: readonly string[]): Stage[] {
    if (!this.#source.rest) return [...this.#stages]
    const shown = ids.filter((id) => VIEW_FIELDS.includes(id))
    const noRest = (e: Expr): Expr => (e.kind === 'col' && e.id === REST ? text('{}') : e)
    return this.#stages.map((s) => {
      const mapped = mapStage(s, { expr: noRest })
      if (mapped.kind !== 'project' || !mapped.rest) return mapped
      return {
        ...mapped,
        rest: false,
        columns: [...mapped.columns, ...shown.filter((id) => !mapped.columns.includes(id))],
      }
    })
  }
}

const BEGUN: SourceColumn = { id: hidden('begun'), ty: 'time', from: { kind: 'meta', name: 'time' } }

/**
 * Keeps the connections that begin in the interval. The time of a row is the start of its connection, and records after the interval's end
 * count too. So each connection is in exactly one interval, with its direction and totals.
 */
function within({ start, end }: IntervalEnds): Stage {
  const begun = col(BEGUN.id, 'time')
  const ends: Pred[] = [
    ...(start ? [test('time.ge', [begun, { kind: 'env', name: 'start', ty: 'time' }])] : []),
    ...(end ? [test('time.lt', [begun, { kind: 'env', name: 'end', ty: 'time' }])] : []),
  ]
  return { kind: 'filter', where: and(...ends) }
}

/** Source categories of the formats that watch traffic and decide nothing. */
const SENSORS = ['network/argus', 'network/netflow', 'network/suricata', 'network/zeek']

/** Fields that all records of a source share, and of a connection but for its direction. */
const CONSTANT = ['_sourceCategory', '#repo']
const ENDS = ['src_ip', 'src_port', 'dest_ip', 'dest_port']

/** Columns for linking: those it reads, and the other sides of the wanted ones. */
function linkColumns(wanted: readonly SourceColumn[]): SourceColumn[] {
  const names = wanted.flatMap((c) => (c.from.kind === 'field' ? (OTHER_SIDE[c.from.name] ?? []) : []))
  return [...new Set([...LINK_READS, ...names])].map((name) => ({
    id: linkColumn(name),
    ty: 'str',
    from: { kind: 'field', name },
  }))
}

/** True if the condition wants the destination's port to be one of services other than the transfer of files. */
function isOfServices(p: Pred, nameOf: (id: string) => string | undefined): boolean {
  if (p.kind !== 'test' || (p.prim !== 'str.in' && p.prim !== 'str.eq')) return false
  const [port, other] = p.args
  if (port?.kind !== 'col' || nameOf(port.id) !== 'dest_port') return false
  const values = p.prim === 'str.in' ? p.consts['values'] : other?.kind === 'lit' ? [other.value] : undefined
  if (!Array.isArray(values)) return false
  return values.every(
    (v) =>
      SERVICE_PORTS.includes(String(v)) || (Number(v) < 1024 && !['20', '21', '69', '989', '990'].includes(String(v))),
  )
}

/** Conjuncts of the filters before any change to the columns they read. */
function conjunctsBeforeChange(stages: readonly Stage[]): Pred[] {
  const changed = new Set<string>()
  const out: Pred[] = []
  for (const s of stages) {
    if (s.kind === 'filter') {
      for (const p of conjuncts(s.where)) if (![...columnsOfPred(p)].some((id) => changed.has(id))) out.push(p)
    } else if (s.kind === 'set') for (const c of s.columns) changed.add(c.id)
    else if (s.kind !== 'order') break
  }
  return out
}

function first(...of: readonly Expr[]): Expr {
  const [one, ...others] = of
  if (!one) return absent('str')
  if (others.length === 0) return one
  return iff(and(present(one), not(test('str.eq', [one, text('')]))), one, first(...others))
}

const fileOf = (path: Expr): Expr => call('re.group', 'str', [path], { pattern: '([^\\\\/]+)$', flags: '', group: 1 })

const protocol = (number: Expr): Expr =>
  iff(test('str.eq', [number, text('6')]), text('tcp'), iff(test('str.eq', [number, text('17')]), text('udp'), number))
