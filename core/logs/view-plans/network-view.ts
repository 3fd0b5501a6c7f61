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
import { NETWORK, NETWORK_FIELDS } from '../network/network.ts'

export const VIEW_FIELDS: readonly string[] = [...NETWORK_FIELDS, 'end_time', 'process_name', 'start_time']

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
    const columns = this.#ends ? [...wanted, BEGUN] : wanted
    const values = columns.map((c) => this.#aggregate(c))
    const stages = [
      ...before,
      ...numberConnections(),
      groupConnections(values.flatMap((v) => v.aggs)),
      finish(
        columns,
        values.map((v) => v.value),
      ),
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
        return iff(this.#isFalcon(), text(name === 'action' ? 'allow' : 'true'), this.#net(name))
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

  #fieldValue(name: string): Expr {
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
   * these are safe. A Cisco Teardown has no direction, so either direction passes. A record that is a connection of its own is tested in full.
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
    const all = conjunctsBeforeChange(this.#stages).filter((p) => {
      const reads = [...columnsOfPred(p)]
      return reads.length > 0 && reads.every((id) => names.has(id))
    })
    const reads = (p: Pred, of: (name: string) => boolean): boolean =>
      [...columnsOfPred(p)].every((id) => of(names.get(id) as string))
    const isConstant = (name: string): boolean => name === '_sourceCategory' || name === '#repo'
    const constant = all.filter((p) => reads(p, isConstant))
    const ends = all.filter(
      (p) => !constant.includes(p) && reads(p, (n) => isConstant(n) || Object.hasOwn(OTHER_SIDE, n)),
    )
    const others = all.filter((p) => !constant.includes(p) && !ends.includes(p))
    const here = and(...ends.map((p) => applied(p, false)))
    const paired = not(this.#isAlone())
    const either = ends.length === 0 ? TRUE : or(here, and(...ends.map((p) => applied(p, true)), paired))
    const rest = others.length === 0 ? TRUE : or(and(...others.map((p) => applied(p, false))), paired)
    return and(...constant.map((p) => applied(p, false)), either, rest)
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

const OTHER_SIDE: Readonly<Record<string, string>> = {
  src_ip: 'dest_ip',
  dest_ip: 'src_ip',
  src_port: 'dest_port',
  dest_port: 'src_port',
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
