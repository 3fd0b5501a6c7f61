import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { allTechniques, attack, tactics, techniqueNamed, techniqueUrl } from './attack.ts'

test('the technique of the mission', () => {
  const t = techniqueNamed('T1071.002')
  assert.deepEqual([t?.name, t?.tactics, t?.parent], ['File Transfer Protocols', ['command-and-control'], 'T1071'])
  assert.equal(techniqueUrl('T1071.002'), 'https://attack.mitre.org/techniques/T1071/002/')
})

test('every technique has a known tactic, every sub-technique a parent, every revoked one a living successor', () => {
  const known = new Set(tactics.map((t) => t.shortname))
  for (const t of allTechniques()) {
    if (t.revokedBy !== undefined) {
      const next = techniqueNamed(t.revokedBy)
      assert.ok(next && next.revokedBy === undefined, `${t.id} → ${t.revokedBy}`)
      continue
    }
    assert.ok(t.tactics.length > 0 && t.tactics.every((x) => known.has(x)), t.id)
    if (t.parent !== undefined) assert.equal(techniqueNamed(t.parent)?.revokedBy, undefined, t.id)
  }
})

test('the index is complete: MITRE’s counts for v19.2', () => {
  const living = allTechniques().filter((t) => t.revokedBy === undefined)
  const subs = living.filter((t) => t.parent !== undefined).length
  assert.deepEqual([tactics.length, living.length - subs, subs], [15, 222, 475])
})

test('ids of earlier versions have living successors', () => {
  const earlier = { T1086: 'T1059.001', T1193: 'T1566.001', 'T1574.002': 'T1574.001', T1064: 'T1059', T1089: 'T1685' }
  for (const [id, by] of Object.entries(earlier)) assert.equal(techniqueNamed(id)?.revokedBy, by)
})

test('MITRE’s designation and licence travel with the index', () => {
  assert.match(
    attack.notice,
    /^© \d{4} The MITRE Corporation\. This work is reproduced and distributed with the permission/,
  )
  const licence = readFileSync(new URL('./data/attack.LICENSE.txt', import.meta.url), 'utf8')
  assert.ok(licence.includes(attack.notice))
  assert.ok(readFileSync(new URL('../../../NOTICE', import.meta.url), 'utf8').includes(attack.notice))
})
