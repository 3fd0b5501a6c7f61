// Values inside XML.
import { noSql, numConst, textConst } from '../kit.ts'
import { type Prim, scalar } from '../prim.ts'
import { xmlPath } from '../xml-path.ts'
import { prettyXml } from '../xml-pretty.ts'
import { xmlGet } from '../xml-text.ts'

const USERS =
  '<users><user id="123"><first_name>Sally</first_name></user><user id="456"><first_name>Bob &amp; Co</first_name></user></users>'
const PATH = { path: 'A path of XPath 1.0: absolute, forward, with [n], [last()], [@a=v], text() and @a.' }

const get = scalar({
  id: 'xml.get',
  doc: 'The text or attribute of the first element at a path; absent if there is none.',
  params: [['text', 'str']],
  consts: PATH,
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const path = xmlPath(textConst(c, 'path'))
    return (text: string) => (path ? xmlGet(text, path) : null)
  },
  sql: noSql,
  laws: [
    { args: [USERS], consts: { path: '/users/user/first_name/text()' }, gives: 'Sally' },
    { args: [USERS], consts: { path: '/users/user[2]/first_name' }, gives: 'Bob & Co' },
    { args: [USERS], consts: { path: '/users/user[last()]/@id' }, gives: '456' },
    { args: [USERS], consts: { path: '/users/user[@id=456]/first_name/text()' }, gives: 'Bob & Co' },
    { args: [`at 5: <a><![CDATA[<x>]]><!-- no --><b/></a>`], consts: { path: '/a' }, gives: '<x>' },
    { args: ['<a><b>1'], consts: { path: '/a/b' }, gives: '' },
    { args: ['no xml'], consts: { path: '/a' }, gives: null },
    { args: [USERS], consts: { path: '/users/none' }, gives: null },
    { args: [null], consts: { path: '/a' }, gives: null },
  ],
})

const pretty = scalar({
  id: 'xml.pretty',
  doc: 'XML with a line for every element that holds others, each level set in by some blanks; absent if it is not well formed.',
  params: [['text', 'str']],
  consts: { step: 'How many blanks.' },
  returns: 'str',
  nulls: 'propagate',
  js: (c) => {
    const step = Math.max(0, Math.min(100, numConst(c, 'step', 2)))
    return (text: string) => prettyXml(text, step)
  },
  sql: noSql,
  laws: [
    {
      args: ['<?xml version="1.0"?><a x="1"><b>1 &lt; 2</b><c/><!-- d --></a>'],
      consts: { step: 2 },
      gives: '<?xml version="1.0"?>\n<a x="1">\n  <b>1 &lt; 2</b>\n  <c/>\n  <!-- d -->\n</a>',
    },
    { args: ['<p>one <b>two</b></p>'], consts: { step: 2 }, gives: '<p>one <b>two</b></p>' },
    { args: ['<a> <b> x </b> </a>'], consts: { step: 1 }, gives: '<a>\n <b> x </b>\n</a>' },
    { args: ['<a><b></a></b>'], consts: { step: 2 }, gives: null },
    { args: ['<a/><b/>'], consts: { step: 2 }, gives: null },
    { args: ['x <a/>'], consts: { step: 2 }, gives: null },
    { args: ['<a'], consts: { step: 2 }, gives: null },
    { args: [null], consts: { step: 2 }, gives: null },
  ],
})

export const xml: readonly Prim[] = [get, pretty]
