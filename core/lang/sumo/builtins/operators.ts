// Operators. Their meaning is in 3-lower-stages.ts, 3-lower-extract.ts, 3-lower-join.ts and 3-lower-rolling.ts.
import { param, word } from '../3-lower/builtin-kit.ts'

const f = param('field', 'field', 'The field.')
const fields = param('fields', 'fields', 'The fields, with commas.')
const nodrop = param('nodrop', 'bool', 'Keep rows that do not match.', false)
const doc = { vendorDoc: 'search-query-language/search-operators' } as const
type Events = readonly Readonly<Record<string, string | number>>[]
const e = (query: string, given: Events, gives: readonly Record<string, string | number>[]) => ({
  title: query,
  given,
  query: `* | ${query}`,
  gives,
  from: doc,
})
const users = [
  { user: 'al', n: '5' },
  { user: 'bo', n: '7' },
  { user: 'al', n: '10' },
]
const raw = (...lines: readonly string[]): Events => lines.map((_raw) => ({ _raw }))
const O = 'operators'
const P = 'parsing'

export const operators = [
  word(
    O,
    'filter',
    'where',
    'Keeps the rows for which a condition is true.',
    [param('condition', 'expression', 'The condition.')],
    [e('where user = "bo" | fields n', users, [{ n: '7' }]), e('where n > 6 | count', users, [{ _count: 2 }])],
  ),
  word(
    O,
    'transform',
    'fields',
    'Keeps these fields, in this order; with `-` drops them.',
    [fields],
    [
      e('fields n, user | limit 1', users, [{ n: '10', user: 'al' }]),
      e('count by user, n | fields - n, _count | sort by user asc | limit 1', users, [{ user: 'al' }]),
    ],
    { notes: ['Messages keep their text and metadata readable.'] },
  ),
  word(
    O,
    'transform',
    'sort',
    'Orders the rows; descending unless `asc` or `+` is given. Parsed fields are ordered as text.',
    [fields],
    [
      e('fields n | sort by n', users, [{ n: '7' }, { n: '5' }, { n: '10' }]),
      e('count by user | sort by _count asc | limit 1', users, [{ user: 'bo', _count: 1 }]),
    ],
    { aliases: ['order'] },
  ),
  word(
    O,
    'transform',
    'limit',
    'The first rows in the order they have.',
    [param('count', 'number', 'At most 10,000.')],
    [e('fields n | limit 1', users, [{ n: '10' }])],
  ),
  word(
    O,
    'transform',
    'top',
    'Counts values and keeps the most frequent; with `by` keeps the first by other fields.',
    [param('count', 'number', 'How many.'), fields],
    [
      e('top 1 user', users, [{ user: 'al', _count: 2 }]),
      e('count by user | top 1 user by _count asc', users, [{ user: 'bo', _count: 1 }]),
    ],
  ),
  word(
    O,
    'transform',
    'topk',
    'Keeps the first rows of each group by a field.',
    [param('count', 'number', 'How many.'), fields],
    [
      e('num(n) | topk(1, n) by user | fields user, n | sort by user asc', users, [
        { user: 'al', n: 10 },
        { user: 'bo', n: 7 },
      ]),
    ],
  ),
  word(
    O,
    'filter',
    'dedup',
    'Keeps the first rows of each combination of values.',
    [fields],
    [
      e('dedup user | fields user, n', users, [
        { user: 'al', n: '10' },
        { user: 'bo', n: '7' },
      ]),
      e(
        'sort by n asc | dedup consecutive user | fields user, n',
        [...users, { user: 'bo', n: '70' }],
        [
          { user: 'al', n: '10' },
          { user: 'bo', n: '7' },
        ],
      ),
    ],
    { notes: ['`consecutive`: only rows that follow each other count as repeats.'] },
  ),
  word(
    O,
    'transform',
    'timeslice',
    'Cuts time into slices; adds the start of each in milliseconds.',
    [param('width', 'duration', 'Such as 5m, or N buckets.', false)],
    [
      e(
        'timeslice 1h | count by _timeslice',
        [{ _messageTime: 1500508830000 }, { _messageTime: 1500508831000 }],
        [{ _timeslice: 1500508800000, _count: 2 }],
      ),
    ],
    { output: '_timeslice' },
  ),
  word(
    O,
    'transform',
    'transpose',
    'Spreads one value over columns named by the values of other fields.',
    [
      param('row', 'fields', 'Fields that stay rows.'),
      param('column', 'fields', 'Fields whose values become columns.'),
    ],
    [
      e('count by user, n | transpose row user column n as user, %"5", %"7" | where user = "al"', users, [
        { user: 'al', '5': 1 },
      ]),
    ],
    { differs: 'columns that `as` does not name hold texts' },
  ),
  word(
    O,
    'join',
    'lookup',
    'Adds columns of a table; keys are compared without case.',
    [
      param('columns', 'fields', 'Columns, or *.'),
      param('from', 'text', 'The table.'),
      param('on', 'fields', 'field = column.'),
    ],
    [
      e('lookup name from path://"/names" on user=id | fields user, name | sort by user asc | limit 2', users, [
        { user: 'al', name: 'Alice' },
        { user: 'al', name: 'Alice' },
      ]),
    ],
    { notes: ['Tables are files that the reader brings; the example has one of id and name.'] },
  ),
  word(
    O,
    'join',
    'join',
    'Reads the rows in several ways, each a table, and joins the tables by equal fields. Fields are then named table_field.',
    [
      param('tables', 'pipeline', 'Steps in parentheses `as` a name, with commas.'),
      param('on', 'fields', 'table.field = table.field, several with `and`.'),
    ],
    [
      e(
        'join (parse "starting stream from *" as a) as t1, (parse "starting search * from parent stream *" as b, c) as t2 on t1.a = t2.c | fields t1_a, t2_b | sort by t2_b asc',
        raw(
          'starting stream from stream-2454',
          'starting search search-733434 from parent stream stream-2454',
          'starting stream from stream-7343',
          'starting search search-854343 from parent stream stream-7343',
          'starting search search-32342 from parent stream stream-1',
        ),
        [
          { t1_a: 'stream-2454', t2_b: 'search-733434' },
          { t1_a: 'stream-7343', t2_b: 'search-854343' },
        ],
      ),
    ],
    {
      notes: ['A scope inside the parentheses is not read, as the vendor says. The vendor takes 25,000 rows a table.'],
    },
  ),
  word(
    O,
    'transform',
    'accum',
    'Running sum in the order of the rows.',
    [f],
    [
      e('count by user | sort by user asc | accum _count as c', users, [
        { user: 'al', _count: 2, c: 2 },
        { user: 'bo', _count: 1, c: 3 },
      ]),
    ],
    { output: '_accum' },
  ),
  word(
    O,
    'transform',
    'total',
    'The sum of all rows, on each.',
    [f],
    [e('count by user | total _count as t | where user = "bo"', users, [{ user: 'bo', _count: 1, t: 3 }])],
    { output: '_total' },
  ),
  word(
    O,
    'transform',
    'diff',
    'Difference to the row before.',
    [f],
    [
      e('count by user | sort by user asc | diff _count as d', users, [
        { user: 'al', _count: 2 },
        { user: 'bo', _count: 1, d: -1 },
      ]),
    ],
    { output: '_diff' },
  ),
  word(
    O,
    'transform',
    'backshift',
    'The value of an earlier row.',
    [f, param('rows', 'number', 'How many before, 1 if left out.', false)],
    [
      e('count by user | sort by user asc | backshift _count as b', users, [
        { user: 'al', _count: 2 },
        { user: 'bo', _count: 1, b: 2 },
      ]),
    ],
    { output: '_backshift' },
  ),
  word(
    O,
    'transform',
    'smooth',
    'Mean over the last rows.',
    [f, param('rows', 'number', '10 if left out.', false)],
    [
      e('count by user | sort by user asc | smooth _count, 2 as s', users, [
        { user: 'al', _count: 2, s: 2 },
        { user: 'bo', _count: 1, s: 1.5 },
      ]),
    ],
    { output: '_smooth' },
  ),
  word(
    O,
    'transform',
    'rollingstd',
    'Standard deviation over the last rows.',
    [f, param('rows', 'number', '10 if left out.', false)],
    [
      e('count by user | sort by user asc | rollingstd _count, 2 as s', users, [
        { user: 'al', _count: 2, s: 0 },
        { user: 'bo', _count: 1, s: 0.5 },
      ]),
    ],
    { output: '_rollingstd' },
  ),
  word(
    O,
    'transform',
    'withtime',
    'Pairs a field with the time of its message.',
    [f],
    [e('withtime n | most_recent(n_withtime) as m', users, [{ m: '10' }])],
    { differs: 'the made field holds the value alone' },
  ),
  word(
    P,
    'parse',
    'parse',
    'Reads fields out of a text with `*` where they stand.',
    [param('pattern', 'text', 'Such as "user=* id=*".'), param('as', 'fields', 'A name for each `*`.'), f, nodrop],
    [
      e('parse "id=*;" as id | fields id', raw('x id=7; y', 'nothing'), [{ id: '7' }]),
      e('parse "To: *\\n" as to | fields to', raw('To: a@b.c\nSubject: x'), [{ to: 'a@b.c' }]),
      e('parse "a * b *" as x, y | fields x, y', raw('- a 1 b 2 3'), [{ x: '1', y: '2 3' }]),
    ],
  ),
  word(
    P,
    'parse',
    'parse regex',
    'Reads the named groups of a regular expression.',
    [param('pattern', 'text', 'With (?<name>…).'), f, nodrop, param('multi', 'bool', 'A row for each match.', false)],
    [
      e('parse regex "id=(?<id>\\d+)" nodrop | fields id', raw('id=7', 'none'), [{}, { id: '7' }]),
      e('parse regex "(?<d>\\d)" multi | count by d | sort by d asc', raw('1 2', 'x'), [
        { d: '1', _count: 1 },
        { d: '2', _count: 1 },
      ]),
    ],
    { aliases: ['extract'] },
  ),
  word(
    P,
    'parse',
    'json',
    'Reads values at paths of JSON in a text.',
    [param('paths', 'texts', 'Such as "a.b[0]".'), f, nodrop],
    [
      e('json "a.b", "c[0]" as x, y | fields x, y', raw('at 5: {"a":{"b":"q"},"c":[1]}', '{"a":1}'), [
        { x: 'q', y: '1' },
      ]),
      e('json "a[?(@.ok == true)].n" as x | fields x', raw('{"a":[{"ok":true,"n":1},{"n":2}]}'), [{ x: '[1]' }]),
      e('json "a[*].b" as x | fields x', raw('{"a":[{"b":1},{"b":2}]}'), [{ x: '[1,2]' }]),
    ],
    { differs: 'a condition in a path is one comparison' },
  ),
  word(
    P,
    'parse',
    'json auto',
    'Makes every value of JSON in a text readable by its path.',
    [f],
    [
      e('json auto | where user.name = "al" | count by user.name', raw('{"user":{"name":"al"}}', '{}'), [
        { 'user.name': 'al', _count: 1 },
      ]),
      e('json auto maxdepth 1 | fields foo', raw('{"foo":{"bar":1}}'), [{ foo: '{"bar":1}' }]),
      e('json auto extractarrays | fields %"foo[1]"', raw('{"foo":[1,2]}'), [{ 'foo[1]': '2' }]),
      e('parse "u=* " as u | json auto | fields u', raw('u=al {"U":"bo"}'), [{ u: 'bo' }]),
    ],
    { notes: ['Names have no case; white space in them is `_`. The last JSON of a message counts.'] },
  ),
  word(
    P,
    'parse',
    'parse xml',
    'Reads elements and attributes of XML by their paths.',
    [param('paths', 'texts', 'Such as "/a/b[2]/@id" or "/a/b/text()".'), f, nodrop],
    [
      e(
        'parse xml "/users/user[2]/name", "/users/user[@id=1]/name/text()" as x, y | fields x, y',
        raw('<users><user id="1"><name>Sally</name></user><user id="2"><name>Bob</name></user></users>', 'none'),
        [{ x: 'Bob', y: 'Sally' }],
      ),
    ],
    { notes: ['The first match counts. Names are compared as written, without namespaces.'] },
  ),
  word(
    P,
    'parse',
    'kv',
    'Reads values by their keys.',
    [param('keys', 'texts', 'The keys.'), f, nodrop],
    [e('kv "u", "v" as a, b | fields a, b', raw('t u=1 v="a b" x'), [{ a: '1', b: 'a b' }])],
    { aliases: ['keyvalue'], differs: 'the vendor’s own patterns are not published' },
  ),
  word(
    P,
    'parse',
    'csv',
    'Reads columns of a line of comma-separated values.',
    [f, param('columns', 'fields', 'By position or `n as name`.')],
    [e('csv _raw extract 2 as x, 3 as y | fields x, y', raw('1,"2,3",4'), [{ x: '2,3', y: '4' }])],
  ),
  word(
    P,
    'parse',
    'split',
    'Reads the pieces of a text between single characters.',
    [f, param('columns', 'fields', 'By position or `n as name`.')],
    [e("split _raw delim=':' extract 1 as x, 2 as y | fields x, y", raw('a:b'), [{ x: 'a', y: 'b' }])],
  ),
]
