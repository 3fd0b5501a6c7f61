import { builtin } from '../4-lower/builtin.ts'
import { param, page } from '../4-lower/params.ts'
import { not } from '../../../plan/build.ts'
import { notRunHere } from '../../../diag/catalogue/cql-lower.ts'
import { mostSpecific, joinTable, lookUp } from '../4-lower/join/join.ts'
import { IGNORE_CASE, LOOKUP, lookupOf, STRICT } from '../4-lower/join/lookup-params.ts'

export const match = builtin({
  name: 'match',
  category: 'join',
  kind: 'join',
  doc: 'Looks a field up in a lookup file or ad-hoc table and takes over its other columns.',
  notes: ['Events without a row are dropped, unless `strict=false`. `!match()` keeps only those.'],
  params: [
    ...LOOKUP,
    param('mode', 'text', 'How values are compared.', {
      default: 'string',
      oneOf: { string: 'Equal.', glob: 'The column holds patterns with `*`.', cidr: 'The column holds subnets.' },
    }),
    IGNORE_CASE,
    STRICT,
    param('nrows', 'number', 'The most rows per event, or `max`.', { default: '1' }),
    param('glob', 'bool', 'The same as `mode=glob`; deprecated.', { default: 'false' }),
  ],
  fidelity: { differs: '`mode=glob` and `mode=cidr` take one field.' },
  evidence: page('match'),
  examples: [
    {
      title: 'Kept without a row',
      given: [
        { t: 'who', u: '1', name: 'Ann' },
        { t: 'do', u: '1' },
        { t: 'do', u: '3' },
      ],
      query:
        'defineTable(name="users", query={t=who}, include=[u, name]) | t=do | match(table="users", field=u, strict=false) | sort(u) | select([u, name])',
      gives: [{ u: '3' }, { u: '1', name: 'Ann' }],
      from: page('match'),
    },
    {
      title: 'Patterns',
      given: [
        { t: 'tool', exe: '*psexec*', tool: 'PsExec' },
        { t: 'run', f: 'PsExec64.exe' },
        { t: 'run', f: 'cmd.exe' },
      ],
      query:
        'defineTable(name="tools", query={t=tool}, include=[exe, tool]) | t=run | match(table="tools", field=f, column=exe, mode=glob, ignoreCase=true) | select([f, tool])',
      gives: [{ f: 'PsExec64.exe', tool: 'PsExec' }],
      from: page('match'),
    },
    {
      title: 'The most specific subnet',
      given: [
        { t: 'net', n: '10.0.0.0/8', site: 'all' },
        { t: 'net', n: '10.1.0.0/16', site: 'lab' },
        { t: 'ev', ip: '10.1.2.3' },
        { t: 'ev', ip: '10.9.9.9' },
        { t: 'ev', ip: '8.8.8.8' },
      ],
      query:
        'defineTable(name="nets", query={t=net}, include=[n, site]) | t=ev | match(table="nets", field=ip, column=n, mode=cidr) | sort(ip, type=string, order=asc) | select([ip, site])',
      gives: [
        { ip: '10.1.2.3', site: 'lab' },
        { ip: '10.9.9.9', site: 'all' },
      ],
      from: page('match'),
    },
  ],
  lower: {
    kind: 'step',
    negatable: true,
    step: (c) => {
      const { flow, args } = c
      const mode = args.flag('glob') ? 'glob' : args.text('mode', 'string').toLowerCase()
      const found = lookupOf(c, 'match')
      if (!found) return
      const { fields, keys, table, include, most } = found
      // A parser's lookup file is in the platform: without it, events pass as they are.
      if (flow.lowering.isParser && table.columns.length === 0) return
      const strict = args.flag('strict', true)
      const [field, key] = [fields[0] as string, keys[0] as string]
      if (mode !== 'string' && fields.length > 1)
        return flow.lowering.report(notRunHere, args.span('field'), {
          name: 'match',
          what: '`match()` by glob or subnet of several fields',
        })
      const on = mode === 'string' ? fields.map((f, i) => ({ left: flow.read(f), right: keys[i] ?? f })) : []
      const right = table.right()
      const prim = mode === 'cidr' ? 'ip.inCidrOf' : 'str.globOf'
      const base = {
        on,
        ignoreCase: args.flag('ignoreCase') && mode !== 'cidr',
        ...(mode === 'string' ? {} : { within: { prim, left: flow.read(field), right: key } }),
        ...(mode === 'cidr' ? { order: mostSpecific(flow, right, key) } : {}),
      }
      if (!flow.inBranch) {
        const how = c.negated ? 'anti' : strict ? 'inner' : 'left'
        return joinTable(flow, () => right, {
          ...base,
          missing: null,
          how,
          include: c.negated ? [] : include,
          max: most,
        })
      }
      // In a branch every event is joined, and the branch's condition is that it has a row.
      const row = lookUp(flow, right, { ...base, include })
      if (c.negated) return flow.filter(not(row.found))
      if (strict) flow.filter(row.found)
      flow.assignAll(include.map((name) => ({ name, expr: row.value(name) })))
    },
  },
})
