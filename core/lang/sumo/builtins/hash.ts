// Digests of values.
import { byName } from '../../../text/by-name.ts'
import { absent, call } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { sumoNotRun } from '../../../diag/catalogue/sumo-lower.ts'
import { APPROXIMATE } from '../../shared/builtin.ts'
import { ex, fn, param } from '../3-lower/builtin-kit.ts'
import type { FnContext } from '../3-lower/builtin.ts'

const PRIMS: Readonly<Record<string, string>> = byName({
  md5: 'crypto.md5',
  sha1: 'crypto.sha1',
  sha2_256: 'crypto.sha256',
})

function digest(c: FnContext): Expr {
  const method = (c.literal(1) ?? 'md5').toLowerCase()
  const prim = PRIMS[method]
  if (prim) return call(prim, 'str', [c.str(0)])
  const murmur = method.startsWith('murmur')
  if (murmur && c.flow.lowering.choice('hash-murmur') === APPROXIMATE) return call('crypto.md5', 'str', [c.str(0)])
  c.flow.lowering.report(sumoNotRun, c.at, {
    name: `hash with ${method}`,
    reason: murmur ? 'its seed is not published' : 'methods are md5, sha1 and sha2_256',
    ...(murmur ? { approximation: 'hash-murmur' } : {}),
  })
  return absent('str')
}

export const hash = fn(
  'texts',
  'hash',
  'The digest of a text in hexadecimal.',
  [param('s', 'expression', 'The text.'), param('method', 'text', 'md5 if left out; sha1, sha2_256.', false)],
  digest,
  [
    ex('hash("abc")', '900150983cd24fb0d6963f7d28e17f72'),
    ex('hash("abc", "sha1")', 'a9993e364706816aba3e25717850c26c9cd0d89d'),
    ex('hash("abc", "sha2_256")', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  ],
  { differs: 'murmur3_128 is refused: its seed is not published' },
)
