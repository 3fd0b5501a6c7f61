// No parameter is passed over: the lowering looks at it, its record says why the rows are right without it, or a diagnostic names it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ParamDoc } from '../shared/builtin.ts'
import { Args } from './4-lower/args.ts'
import { parse } from './3-parse/parse.ts'
import { lower } from './lower.ts'
import { builtins } from './registry.ts'

const VALUES: Readonly<Record<string, string>> = {
  field: 'x',
  fields: '[x]',
  text: '"x"',
  texts: '["x"]',
  number: '2',
  duration: '5m',
  expression: 'x',
  expressions: '[x]',
  pipeline: '{ x=1 }',
  pipelines: '[{ x=1 }]',
  aggregates: 'count()',
}
const sample = (p: ParamDoc): string => {
  if (p.takes === 'bool') return p.default === 'true' ? 'false' : 'true'
  const other = Object.keys(p.oneOf ?? {}).find((k) => k !== p.default)
  return other ?? VALUES[p.takes] ?? '"x"'
}

for (const b of builtins) {
  test(`${b.name}: every parameter is obeyed or said`, () => {
    for (const p of b.params.filter((x) => x.unused === undefined)) {
      const given = b.params.filter((x) => x === p || x.required)
      const text = `head() | ${b.name}(${given.map((x) => `${x.name}=${sample(x)}`).join(', ')})`
      const source = { name: 'test', text }
      const seen: string[] = []
      const spy = (name: 'ast' | 'has' | 'names' | 'span'): (() => void) => {
        const old = Args.prototype[name]
        Object.assign(Args.prototype, {
          [name](this: Args, param: string) {
            if (this.fn === b.name) seen.push(...(name === 'names' ? b.params.map((x) => x.name) : [param]))
            return (old as (n: string) => unknown).call(this, param)
          },
        })
        return () => void Object.assign(Args.prototype, { [name]: old })
      }
      const undo = [spy('ast'), spy('has'), spy('names'), spy('span')]
      const { diagnostics } = lower(parse(source).pipeline, source)
      for (const u of undo) u()
      const said = diagnostics.some(
        (d) => d.severity !== 'info' && (d.code === 'CQL212' ? d.message.includes(`\`${p.name}\``) : true),
      )
      assert.ok(seen.includes(p.name) || said, `${text}: ${p.name} is passed over`)
    }
  })
}

test('a parameter that the lowering does not look at is a warning', () => {
  const source = { name: 'test', text: 'kvParse(m, separatorPadding=yes) | select(a)' }
  const { diagnostics } = lower(parse(source).pipeline, source)
  assert.deepEqual(
    diagnostics.filter((d) => d.code === 'CQL212').map((d) => d.message),
    ['`separatorPadding` of `kvParse()` changes nothing here'],
  )
})

test('a parameter without a value is no wrong duration, and its call is not told to be without effect', () => {
  const told = (text: string): readonly string[] => {
    const source = { name: 'test', text }
    const { diagnostics } = lower(parse(source).pipeline, source)
    return diagnostics.map((d) => d.code).filter((c) => c === 'CQL203' || c === 'CQL212')
  }
  assert.deepEqual(told('bucket(span=?d, function=count())'), [])
  assert.deepEqual(told('bucket(span=5m, function=window(function=count(), span=?d))'), [])
  assert.ok(told('bucket(span=zz, function=count())').includes('CQL203'))
  assert.ok(told('groupBy(a, function=session(maxpause=zz))').includes('CQL203'))
})
