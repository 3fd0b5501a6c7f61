import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluator } from '../../../engine/cases/case-executors.ts'
import { compile, optimised } from '../../workbench/compile.ts'
import { techniqueNamed } from '../attack/attack.ts'
import { prepareCase } from '../case/case.ts'
import { judge } from '../case/judge.ts'
import { parseCaseFile } from '../case/case-file.ts'
import { readDetection } from '../folder/folder.ts'
import { inFolder } from '../folder/folder-names.ts'
import { choosePlatforms, chooseTitle, kindOf, scaffold, templates } from './scaffold.ts'
import { chooseTechnique } from './technique.ts'
import type { DetectionNames, Template } from './template.ts'
import type { Files } from '../folder/folder-types.ts'

const GUIDS: Record<string, string> = {
  sigma: '0d6f4b3e-91a7-4c28-b0e5-7a3c5d8e2f10',
  validation: '1d6f4b3e-91a7-4c28-b0e5-7a3c5d8e2f10',
}
function made(technique: string, platforms: readonly Template[], title = 'A: "title" # of\\ a kind'): Files {
  const found = chooseTechnique(technique)
  assert.ok(found.ok)
  const names: DetectionNames = {
    technique: found.value,
    id: `${found.value.id}-x`,
    title,
    today: '2026-11-25',
    guid: (use) => GUIDS[use] ?? '',
  }
  return scaffold(names, platforms)
}

/** Titles of the cases, with the problems of each. */
async function tried(files: Files): Promise<string[]> {
  const out: string[] = []
  for (const [path, text] of files) {
    if (!/\.case\.md$|^investigation\.md$/.test(path)) continue
    const file = parseCaseFile({ name: path, text })
    for (const c of file.cases) {
      assert.equal(c.todo, undefined, `${c.title} is no todo`)
      const prepared = prepareCase(file, c, (name) => files.get(inFolder(name, path) ?? ''))
      const broken = [...prepared.problems]
      for (const q of prepared.queries) {
        assert.ok(!q.compiled.wouldBeRefused, q.compiled.source.text)
        broken.push(...judge(q, q.plan && (await evaluator.run(q.plan, q.rows, q.env))))
      }
      out.push(...broken.map((b) => `${path}: ${c.title}: ${b.what} ${b.detail.join('\n')}`))
    }
  }
  return out
}

for (const platform of templates)
  for (const technique of ['T1048.003', 'T1059.001', 'T1071', 'T1685'])
    test(`${technique} on ${platform.id}: checked, and its cases pass`, async () => {
      const files = made(technique, [platform])
      const { diagnostics, detection } = readDetection(files)
      assert.deepEqual(
        diagnostics.filter((d) => d.code !== 'DET141').map((d) => d.message),
        [],
      )
      assert.equal(detection?.title, 'A: "title" # of\\ a kind')
      assert.deepEqual(await tried(files), [])
      assert.ok(files.get(`tests/${platform.id}.case.md`)?.includes('## the activity itself'))
    })

test('what only the author knows is marked, in every file that has it', () => {
  const files = made('T1048.003', templates)
  const marked = readDetection(files)
    .diagnostics.filter((d) => d.code === 'DET141')
    .map((d) => (d.data as { file: string }).file)
  assert.deepEqual(marked, [...files.keys()])
})

test('a TODO in telemetry, or as the word of a case, is no placeholder', () => {
  const files = new Map(made('T1048.003', templates))
  const page = files.get('tests/logscale.case.md') ?? ''
  files.set(
    'tests/logscale.case.md',
    `${page.replace('TODO: put', 'put').replaceAll('curl.exe', 'TODO: x')}\n## later\nTODO: not yet\n`,
  )
  const marked = readDetection(files).diagnostics.filter((d) => d.code === 'DET141')
  assert.ok(!marked.some((d) => (d.data as { file: string }).file === 'tests/logscale.case.md'))
})

test('a query of a new folder that lost its filter is noticed by its cases', async () => {
  for (const technique of ['T1048.003', 'T1059.001'])
    for (const { id, file } of templates) {
      const files = new Map(made(technique, templates))
      const text = files.get(file) ?? ''
      const wide = text.replace('assay-placeholder', '').replaceAll(/(?<=["' ])192\.0\.2\.1(?=["'\n ])/g, '203.0.113.9')
      assert.notEqual(wide, text)
      files.set(file, wide)
      assert.notDeepEqual(await tried(files), [], `${technique} ${id}`)
    }
})

test('techniques: as they are written, their successors, and their neighbours', () => {
  const chosen = (text: string) => {
    const t = chooseTechnique(text)
    return t.ok ? t.value.id : t.diagnostics.flatMap((d) => [d.code, d.remedy])
  }
  assert.equal(chosen(' t1071.002 '), 'T1071.002')
  assert.deepEqual(chosen('T1562.001'), ['RUN061', 'run assay new T1685'])
  const near = (text: string) => {
    const [code, remedy] = chosen(text) as [string, string]
    assert.equal(code, 'RUN060')
    return remedy
  }
  assert.match(near('T1071.009'), /^use one of T1071\.00\d /)
  assert.match(near('1071.002'), /^use one of T1071\.002 /)
  assert.match(near('file transfer protocols'), /^use one of T1071\.002 /)
  assert.equal(near('zzz'), 'look up the id on attack.mitre.org')
  assert.equal(near(''), 'look up the id on attack.mitre.org')
  assert.ok(near('a'.repeat(5000)).length > 0)
})

test('programs or connections, by tactic', () => {
  const kind = (id: string) => kindOf(techniqueNamed(id) ?? assert.fail(id))
  assert.deepEqual(['T1048', 'T1071', 'T1059', 'T1003'].map(kind), ['network', 'network', 'process', 'process'])
})

test('platforms and titles', () => {
  assert.deepEqual(choosePlatforms([]).chosen, templates)
  assert.deepEqual(
    choosePlatforms(['sumo', 'sumo']).chosen.map((t) => t.id),
    ['sumo'],
  )
  const { wrong } = choosePlatforms(['splunk', 'sumo'])
  assert.deepEqual(
    wrong.map((d) => d.code),
    ['RUN062'],
  )
  const slug = (text: string) => {
    const t = chooseTitle(text)
    return t.ok ? t.value.slug : t.diagnostics[0]?.code
  }
  assert.equal(slug('  Überraschung: ../../etc/passwd '), 'uberraschung-etc-passwd')
  assert.equal(slug(Array(20).fill('words').join(' ')), Array(10).fill('words').join('-'))
  assert.equal(slug('x'.repeat(100)), 'x'.repeat(60))
  for (const bad of ['', '  ', '???', 'a\nb', 'a\u0000', 'x'.repeat(121)]) assert.equal(slug(bad), 'RUN064', bad)
})

test('queries of new folders have nothing to be told', () => {
  for (const { file, language } of templates)
    for (const technique of ['T1048', 'T1059']) {
      const source = { name: file, text: made(technique, templates).get(file) ?? '' }
      const compiled = compile(source, language)
      assert.deepEqual(
        compiled.diagnostics.map((d) => d.message),
        [],
        file,
      )
      assert.ok(compiled.plan && optimised(compiled.plan))
    }
})
