import { wrongKind } from '../../../diag/catalogue/cql-lower.ts'
import { call, iff, lit, test } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'
import { isNull } from '../4-lower/values.ts'

const SCHEME = '[A-Za-z][A-Za-z0-9+.-]*'
/** Parts of a URI (RFC 3986, appendix B), each the first group. */
const AUTHORITY = `^(?:${SCHEME}:)?//(?:[^/?#@]*@)?`
const PARTS: readonly (readonly [part: string, pattern: string])[] = [
  ['scheme', `^(${SCHEME}):`],
  ['username', `^(?:${SCHEME}:)?//([^:@/?#]+)(?::[^@/?#]*)?@`],
  ['password', `^(?:${SCHEME}:)?//[^:@/?#]*:([^@/?#]*)@`],
  ['host', `${AUTHORITY}(\\[[^\\]]*\\]|[^:/?#]+)`],
  ['hostname', `${AUTHORITY}(\\[[^\\]]*\\]|[^:/?#]+)`],
  ['port', `${AUTHORITY}(?:\\[[^\\]]*\\]|[^:/?#]*):([0-9]+)`],
  ['path', `^(?:(?:${SCHEME}:)?//[^/?#]*|${SCHEME}:)([^?#]*)`],
  ['query', `^(?:(?:${SCHEME}:)?//|${SCHEME}:)[^?#]*\\?([^#]*)`],
  ['fragment', `^(?:(?:${SCHEME}:)?//|${SCHEME}:)[^#]*#(.*)`],
]

export const parseUri = builtin({
  name: 'parseUri',
  category: 'parse',
  kind: 'parse',
  doc: 'The parts of a URI, or of what is left of one.',
  notes: [
    'A part that the URI lacks gives no field; the path may be empty. Nothing is decoded.',
    'With `defaultBase=http://` the text `example.com/a` is read as `http://example.com/a`. A URI with a scheme and `//` stays as it is.',
  ],
  params: [
    first('field', 'field', 'The field with the URI.', { required: true }),
    param('defaultBase', 'text', '`//`, or a scheme with `://`, for texts that have none.'),
    param('prefix', 'field', 'In front of the names of the parts; the name of the field.'),
  ],
  fidelity: {
    differs:
      'The page names the host both `host` (in its short examples) and `hostname` (in its table): both are set. ' +
      'It says that a text without `//` changes nothing, and shows `scheme` and `path` of one: they are set.',
  },
  evidence: page('parseUri'),
  examples: [
    {
      title: 'All parts',
      given: [{ u: 'https://admin:pw@api.example.com:8443/v2/users?active=true#s1' }],
      query:
        'parseUri(u) | select([u.scheme, u.username, u.password, u.hostname, u.port, u.path, u.query, u.fragment])',
      gives: [
        {
          'u.scheme': 'https',
          'u.username': 'admin',
          'u.password': 'pw',
          'u.hostname': 'api.example.com',
          'u.port': '8443',
          'u.path': '/v2/users',
          'u.query': 'active=true',
          'u.fragment': 's1',
        },
      ],
      from: page('parseUri'),
    },
    {
      title: 'With a base, which a whole URI does not need',
      given: [{ url: 'example.com:8080/foo' }, { url: 'ftp://example.com:8080/foo' }],
      query:
        'parseUri(url, defaultBase="http://", prefix=p) | groupBy([p.host, p.path, p.port, p.scheme], function=[])',
      gives: [
        { 'p.host': 'example.com', 'p.path': '/foo', 'p.port': '8080', 'p.scheme': 'ftp' },
        { 'p.host': 'example.com', 'p.path': '/foo', 'p.port': '8080', 'p.scheme': 'http' },
      ],
      from: page('parseUri'),
    },
    {
      title: 'Without a base',
      given: [{ url: 'example.com:8080/foo' }],
      query: 'parseUri(url) | select([url.scheme, url.host, url.path])',
      gives: [{ 'url.scheme': 'example.com', 'url.path': '8080/foo' }],
      from: page('parseUri'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const name = args.field('field')
      const prefix = args.has('prefix') ? args.field('prefix') : name
      const base = args.text('defaultBase')
      if (!new RegExp(`^(?:(?:${SCHEME}:)?//)?$`).test(base)) {
        const takes = '`//` or a scheme with `://`, such as `http://`'
        flow.lowering.report(wrongKind, args.span('defaultBase'), { fn: 'parseUri', name: 'defaultBase', takes })
        return
      }
      const given = toStr(flow.read(name))
      if (isNull(given)) return
      const scheme = base.slice(0, -2)
      const resolved = (() => {
        if (base === '') return given
        const whole = test('re.test', [given], { pattern: `^${SCHEME}://`, flags: '' })
        const withAuthority = call('str.concat', 'str', [lit(scheme, 'str'), given])
        const bare = call('str.concat', 'str', [lit(base, 'str'), given])
        return iff(whole, given, iff(test('str.startsWith', [given, lit('//', 'str')]), withAuthority, bare))
      })()
      const text = flow.keep('uri', resolved)
      flow.assignAll(
        PARTS.map(([part, pattern]) => ({
          name: `${prefix}.${part}`,
          expr: call('re.group', 'str', [text], { pattern, flags: '', group: 1 }),
        })),
      )
    },
  },
})
