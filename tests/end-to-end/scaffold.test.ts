// A folder for every technique of ATT&CK.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allTechniques } from '../../core/detect/attack/attack.ts'
import { readDetection } from '../../core/detect/folder/folder.ts'
import { chooseTitle, scaffold, templates } from '../../core/detect/scaffold/scaffold.ts'
import { chooseTechnique } from '../../core/detect/scaffold/technique.ts'

test('every technique that is not revoked has a folder without errors', () => {
  for (const t of allTechniques().filter((t) => t.revokedBy === undefined)) {
    const technique = chooseTechnique(t.id)
    assert.ok(technique.ok)
    const guid = (use: string): string => `${use === 'sigma' ? 0 : 1}d6f4b3e-91a7-4c28-b0e5-7a3c5d8e2f10`
    const files = scaffold(
      { technique: technique.value, id: `${t.id}-x`, title: t.name, today: '2026-11-25', guid },
      templates,
    )
    const { diagnostics } = readDetection(files)
    assert.deepEqual(
      diagnostics.filter((d) => d.code !== 'DET141').map((d) => `${t.id}: ${d.message}`),
      [],
    )
    assert.ok(chooseTitle(t.name).ok, t.name)
  }
})
