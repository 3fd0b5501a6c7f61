import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { flatJson } from './flat-reader.ts'
import { readJson } from './read.ts'
import { jsonDocuments } from '../json-documents.ts'
import { readSlowly } from './strict-reader.ts'
import { Shapes } from './shape-cache.ts'
import { runs } from '../../../../tools/property-runs.ts'

const fieldsOf = (text: string): Record<string, string> => {
  const r = readJson(text)
  assert.ok('fields' in r, JSON.stringify(r))
  return Object.fromEntries(r.fields)
}
const badOf = (text: string): string => {
  const r = readJson(text)
  assert.ok('bad' in r, `${text} was read`)
  return r.bad
}
const notesOf = (text: string): readonly string[] => {
  const r = readJson(text)
  assert.ok('fields' in r)
  return r.notes ?? []
}

test('numbers keep their lexeme', () => {
  for (const n of ['1.10', '1e3', '1E2', '-0', '-0.0', '10', '12345678901234567890', '0.1', '1.5E-7', '100.0'])
    for (const text of [`{"a":${n},"b":"x"}`, `{"b": "x", "a": ${n}}`, `{"o":{"a":${n}}}`])
      assert.equal(fieldsOf(text)['a'] ?? fieldsOf(text)['o.a'], n, text)
})

test('nested values are flattened, null is absent, empty text is not', () => {
  const text = '{"a":{"b":1,"c":[{"d":"x"},null,[2,3]]},"e":null,"f":"","g":{},"h":[],"i":true}'
  assert.deepEqual(fieldsOf(text), {
    'a.b': '1',
    'a.c[0].d': 'x',
    'a.c[2][0]': '2',
    'a.c[2][1]': '3',
    f: '',
    i: 'true',
  })
  assert.deepEqual(fieldsOf('{"e":null,"f":"","i":false}'), { f: '', i: 'false' })
})

test('of a repeated key the last counts, and it is told', () => {
  assert.deepEqual(fieldsOf('{"a":"1","b":"2","a":"3"}'), { a: '3', b: '2' })
  assert.deepEqual(notesOf('{"a":"1","b":"2","a":"3"}'), ['duplicate key a'])
  assert.deepEqual(notesOf('{"a":"1","b":"2","A":"3"}'), [])
  assert.deepEqual(fieldsOf('{"a":{"x":"1"},"a":"2"}'), { a: '2' })
  assert.deepEqual(notesOf('{"a.b":1,"a":{"b":2}}'), ['duplicate key a.b'])
  assert.deepEqual(fieldsOf('{"a":"1","a":null}'), {})
})

test('keys that differ only in case are two, and odd names are names', () => {
  assert.deepEqual(fieldsOf('{"Port":"1","port":"2"}'), { Port: '1', port: '2' })
  const r = readJson('{"__proto__":"p","constructor":"c","2":"two","1":"one","":"empty"}')
  assert.ok('fields' in r)
  assert.deepEqual([...r.fields.keys()], ['__proto__', 'constructor', '2', '1', ''])
  const plain = readJson('{"x":"1"}')
  assert.ok('fields' in plain)
  assert.equal(plain.fields.get('toString'), undefined)
  assert.equal(plain.fields.has('__proto__'), false)
})

test('escapes', () => {
  assert.deepEqual(fieldsOf('{"p":"\\\\Device\\\\x.exe","u":"\\u00e9\\n\\/","q":"\\""}'), {
    p: '\\Device\\x.exe',
    u: 'é\n/',
    q: '"',
  })
  assert.deepEqual(fieldsOf('{"\\u0061":"1"}'), { a: '1' })
  assert.deepEqual(notesOf('{"a":"0","\\u0061":"1"}'), ['duplicate key a'])
})

test('what cannot be read says why', () => {
  assert.equal(badOf('{"a":"1"'), 'cut off')
  assert.equal(badOf('{"a":"1","b":"unfin'), 'cut off')
  assert.equal(badOf('{"a":tr'), 'cut off')
  assert.equal(badOf('{"a"'), 'cut off')
  assert.equal(badOf('{"a":"x\\'), 'cut off')
  assert.equal(badOf('{"a":1}{"b":2}'), 'two objects')
  assert.equal(badOf('{"a":1} {"b":2}'), 'two objects')
  assert.equal(badOf('{"a":1},'), 'text after the object')
  assert.equal(badOf('[1,2]'), 'not an object')
  assert.equal(badOf('"text"'), 'not an object')
  assert.equal(badOf('17'), 'not an object')
  assert.equal(badOf('null'), 'not an object')
  assert.equal(badOf('Mar 2 sshd'), 'not JSON')
  assert.equal(badOf("{'a':1}"), 'not JSON')
  assert.equal(badOf('{"a":01}'), 'not JSON')
  assert.equal(badOf('{"a":NaN}'), 'not JSON')
  assert.equal(badOf('{"a":"x\0y"}'), 'has NUL bytes')
  assert.equal(badOf('{"a":"x\ty"}'), 'control character in a text')
  assert.equal(badOf('{"a":"\\x"}'), 'wrong escape in a text')
  assert.equal(badOf(`{"a":${'['.repeat(5000)}`), 'nested too deeply')
})

const key = fc.oneof(fc.constantFrom('a', 'b', 'A', '__proto__', 'x.y', '1'), fc.string({ maxLength: 6 }))
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt().map(String),
)
const flatObject = fc.uniqueArray(fc.tuple(key, scalar), { selector: ([k]) => k, maxLength: 12 })
const layout = fc.constantFrom([',', ':'], [', ', ': '], [' ,\t', ' : ']) as fc.Arbitrary<[string, string]>

test('the quick way and the slow way agree, and neither loses a value', () => {
  fc.assert(
    fc.property(flatObject, layout, (pairs, [comma, colon]) => {
      const text = `{${pairs.map(([k, v]) => JSON.stringify(k) + colon + JSON.stringify(v)).join(comma)}}`
      const expected = pairs.flatMap(([k, v]) =>
        v === null ? [] : [[k, typeof v === 'string' ? v : JSON.stringify(v)]],
      )
      const slow = readSlowly(text)
      assert.ok('fields' in slow)
      assert.deepEqual([...slow.fields], expected)
      const quick = flatJson(text)
      if (pairs.every(([k]) => JSON.stringify(k) === `"${k}"`)) assert.ok(quick)
      if (!quick) return
      assert.deepEqual([...quick], expected)
      assert.equal(quick.size, expected.length)
      for (const [k, v] of expected) assert.equal(quick.get(k as string), v)
    }),
    { numRuns: runs(300) },
  )
})

test('a damaged record is read only if JSON.parse reads it too', () => {
  const damaged = fc
    .tuple(flatObject, fc.nat(), fc.constantFrom('', '"', '{', '}', ',', '\\', '0', '\n', 'e'))
    .map(([pairs, at, put]) => {
      const text = `{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',')}}`
      const i = at % text.length
      return text.slice(0, i) + put + text.slice(i + 1)
    })
  const parses = (t: string): boolean => {
    try {
      const v: unknown = JSON.parse(t)
      return typeof v === 'object' && v !== null && !Array.isArray(v)
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(damaged, (text) => {
      assert.equal('fields' in readJson(text), parses(text))
      if (flatJson(text)) assert.ok('fields' in readSlowly(text))
    }),
    { numRuns: runs(500) },
  )
})

test('records of known shapes are read as the slow way reads them, damaged ones too', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom('"a":"', ',"b":"x', '\\', '\\"', '{', 'null', '1'),
  )
  const values = fc.oneof({ weight: 3, arbitrary: texts }, fc.constantFrom(null, true, 1, -2.5, 1e21, '', 'x'))
  const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'b.c', 'é', 'a$', '#a'), { minLength: 1, maxLength: 5 })
  const feed = fc.tuple(fc.array(keys, { minLength: 1, maxLength: 3 }), layout).chain(([shapes, [comma, colon]]) =>
    fc.array(
      fc
        .tuple(
          fc.constantFrom(...shapes),
          fc.array(values, { minLength: 5, maxLength: 5 }),
          fc.option(fc.tuple(fc.nat(), fc.constantFrom('', '"', '{', ',', '\\', '0', '\t', '"a":')), { freq: 3 }),
        )
        .map(([of, v, damage]) => {
          const text = `{${of.map((k, i) => JSON.stringify(k) + colon + JSON.stringify(v[i])).join(comma)}}`
          if (!damage) return text
          const i = damage[0] % text.length
          return text.slice(0, i) + damage[1] + text.slice(i + 1)
        }),
      { minLength: 8, maxLength: 24 },
    ),
  )
  let shaped = 0
  fc.assert(
    fc.property(feed, (records) => {
      const shapes = new Shapes()
      for (const text of records) {
        const quick = flatJson(text)
        const slow = readSlowly(text)
        if (quick) {
          assert.ok('fields' in slow && slow.notes === undefined, text)
          const places = quick.places
          const shape = shapes.of(text)
          if (shape) shaped++
          else shapes.learn(text, places)
          for (const name of ['a', 'b', 'c', 'b.c', 'é', 'a$', '#a', 'x']) {
            assert.equal(quick.get(name), slow.fields.get(name), text)
            assert.equal(quick.has(name), slow.fields.has(name), text)
            if (!shape) continue
            assert.equal(shape.value(text, name), slow.fields.get(name), text)
            assert.equal(shape.has(text, name), slow.fields.has(name), text)
          }
          assert.deepEqual([...quick], [...slow.fields])
          assert.equal(quick.size, slow.fields.size)
        } else assert.equal(shapes.of(text), undefined, text)
      }
    }),
    { numRuns: runs(300) },
  )
  assert.ok(shaped > runs(100), `${shaped}`)
})

test('documents of an array, with their lines', () => {
  const pieces = [...jsonDocuments('[\n {"a":"]"},\n {\n  "b":"\\"}"\n },\n 17, oops\n]')]
  assert.deepEqual(
    pieces.map((p) => [p.line, p.record]),
    [
      [2, '{"a":"]"}'],
      [3, '{\n  "b":"\\"}"\n }'],
      [6, '17'],
      [6, 'oops'],
    ],
  )
  assert.deepEqual(
    [...jsonDocuments('{\n"a":1\n}\n{\n"b":2\n}')].map((p) => p.line),
    [1, 4],
  )
  assert.deepEqual([...jsonDocuments('\uFEFF[]')], [])
})

test('an array that is cut off says so, wherever it was cut', () => {
  const whole = '[{"a":"1"},{"b":"2"}]'
  for (let i = 1; i < whole.length; i++) {
    const pieces = [...jsonDocuments(whole.slice(0, i))].map((p) => readJson(p.record))
    assert.ok(
      pieces.some((p) => 'bad' in p && p.bad === 'cut off'),
      whole.slice(0, i),
    )
  }
})
