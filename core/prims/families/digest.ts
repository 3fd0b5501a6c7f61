// Digests of texts.
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Sql } from '../../sql-text/fragment.ts'
import { utf8Bytes } from '../bytes.ts'
import { communityId } from '../community-id.ts'
import { numConst } from '../kit.ts'
import { type Law, type Prim, scalar, tail } from '../prim.ts'

const digest = (name: string, of: (bytes: Uint8Array) => Uint8Array, laws: readonly [Law, ...Law[]]): Prim =>
  scalar({
    id: `crypto.${name}`,
    doc: `The ${name.toUpperCase()} digest of the text as UTF-8, in lower-case hexadecimal.`,
    params: [['text', 'str']],
    consts: {},
    returns: 'str',
    nulls: 'propagate',
    js: () => (text: string) => bytesToHex(of(utf8Bytes(text))),
    sql: {
      duckdb: (sql, [x]) => sql`${sql.raw(name)}(${x as Sql})`,
      clickhouse: (sql, [x]) => sql`lower(hex(${sql.raw(name.toUpperCase())}(${x as Sql})))`,
    },
    laws: [...laws, { args: [null], gives: null }],
  })
const LONG = 'a'.repeat(119)

export const digests: readonly Prim[] = [
  digest('md5', md5, [
    { args: [''], gives: 'd41d8cd98f00b204e9800998ecf8427e' },
    { args: ['message digest'], gives: 'f96b697d7cb7938d525a2f31aaf161d0' },
    { args: ['é'], gives: '66ddcd97cfdeabb2f6fb8a999b4bc76f' },
    { args: [LONG], gives: '8a7bd0732ed6a28ce75f6dabc90e1613' },
  ]),
  digest('sha1', sha1, [
    { args: ['abc'], gives: 'a9993e364706816aba3e25717850c26c9cd0d89d' },
    { args: [LONG], gives: 'ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56' },
  ]),
  digest('sha256', sha256, [
    { args: ['abc'], gives: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    {
      args: ['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'],
      gives: '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    },
    { args: [LONG], gives: '31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb' },
  ]),
]

const NO_SQL = tail('flows are named by a digest of bytes')
export const flowName = scalar({
  id: 'net.communityId',
  doc: 'The Community ID (version 1) of a flow; absent if something is no address, protocol or port. For ICMP the ports are type and code.',
  params: [
    ['protocol', 'str'],
    ['source', 'str'],
    ['target', 'str'],
    ['sourcePort', 'str'],
    ['targetPort', 'str'],
  ],
  consts: { seed: 'Number of 16 bits.' },
  returns: 'str',
  nulls: 'own',
  js: (c) => {
    const seed = numConst(c, 'seed', 0)
    return (p: string | null, s: string | null, t: string | null, sp: string | null, tp: string | null) =>
      p === null || s === null || t === null ? null : communityId(p, s, t, sp, tp, seed)
  },
  sql: { duckdb: NO_SQL, clickhouse: NO_SQL },
  laws: [
    {
      args: ['tcp', '128.232.110.120', '66.35.250.204', '34855', '80'],
      consts: { seed: 0 },
      gives: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    },
    {
      args: ['6', '66.35.250.204', '128.232.110.120', '80', '34855'],
      consts: { seed: 0 },
      gives: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
    },
    {
      args: ['udp', '192.168.1.52', '8.8.8.8', '54585', '53'],
      consts: { seed: 0 },
      gives: '1:d/FP5EW3wiY1vCndhwleRRKHowQ=',
    },
    {
      args: ['icmp', '192.168.0.89', '192.168.0.1', '8', '0'],
      consts: { seed: 0 },
      gives: '1:X0snYXpgwiv9TZtqg64sgzUn6Dk=',
    },
    { args: ['tcp', '1.2.3.4', '1.2.3.5', null, '80'], consts: { seed: 0 }, gives: null },
    { args: ['tcp', 'x', '1.2.3.5', '1', '80'], consts: { seed: 0 }, gives: null },
    { args: [null, '1.2.3.4', '1.2.3.5', '1', '80'], consts: { seed: 0 }, gives: null },
  ],
})
