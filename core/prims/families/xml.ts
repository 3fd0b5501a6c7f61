// Values inside XML.
import { noSql, textConst } from '../kit.ts'
import { scalar } from '../prim.ts'
import { xmlPath } from '../xml-path.ts'
import { xmlGet } from '../xml-text.ts'

const USERS =
  '<users><user id="123"><first_name>Sally</first_name></user><user id="456"><first_name>Bob &amp; Co</first_name></user></users>'
const PATH = { path: 'A path of XPath 1.0: absolute, forward, with [n], [last()], [@a=v], text() and @a.' }

export const xml = scalar({
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
