import { call } from '../../../plan/build.ts'
import { toStr } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { first, page, param } from '../4-lower/params.ts'

/** Parts of `scheme://user:password@host:port/path?query#fragment` (RFC 3986, appendix B), each the first group. */
const AUTHORITY = '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?'
const PARTS: readonly (readonly [part: string, pattern: string])[] = [
  ['scheme', '^([A-Za-z][A-Za-z0-9+.-]*)://'],
  ['username', '^[A-Za-z][A-Za-z0-9+.-]*://([^:@/?#]*)(?::[^@/?#]*)?@'],
  ['password', '^[A-Za-z][A-Za-z0-9+.-]*://[^:@/?#]*:([^@/?#]*)@'],
  ['host', `${AUTHORITY}(\\[[^\\]]*\\]|[^:/?#]+)`],
  ['port', `${AUTHORITY}(?:\\[[^\\]]*\\]|[^:/?#]+):([0-9]+)`],
  ['path', '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]+)'],
  ['query', '^[^?#]*\\?([^#]*)'],
  ['fragment', '^[^#]*#(.*)'],
]

export const parseUrl = builtin({
  name: 'parseUrl',
  category: 'parse',
  kind: 'parse',
  doc: 'The parts of a URL.',
  notes: ['A part that the URL lacks gives no field.'],
  params: [
    first('field', 'field', 'The field with the URL.', { default: 'url' }),
    param('as', 'field', 'In front of the names of the parts; the name of the field.'),
  ],
  fidelity: { differs: 'A text that is no URL gives the parts that it has, without an error field.' },
  evidence: page('parseUrl'),
  examples: [
    {
      title: 'All parts',
      given: [{ u: 'https://ann:pw@example.org:8443/a/b?x=1#top' }],
      query:
        'parseUrl(u, as=p) | select([p.scheme, p.username, p.password, p.host, p.port, p.path, p.query, p.fragment])',
      gives: [
        {
          'p.scheme': 'https',
          'p.username': 'ann',
          'p.password': 'pw',
          'p.host': 'example.org',
          'p.port': '8443',
          'p.path': '/a/b',
          'p.query': 'x=1',
          'p.fragment': 'top',
        },
      ],
      from: page('parseUrl'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args }) => {
      const name = args.field('field', 'url')
      const prefix = args.has('as') ? args.field('as') : name
      const text = flow.keep('url', toStr(flow.read(name)))
      if (text.kind === 'lit' && text.value === null) return
      flow.assignAll(
        PARTS.map(([part, pattern]) => ({
          name: `${prefix}.${part}`,
          expr: call('re.group', 'str', [text], { pattern, flags: '', group: 1 }),
        })),
      )
    },
  },
})
