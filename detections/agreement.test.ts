// On the same traffic the Sigma rule of a detection finds the same as its native query, except in the cases of `differs`.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseCaseFile } from '../core/detect/case/case-file.ts'
import { prepareCase } from '../core/detect/case/case.ts'
import { evaluate } from '../core/eval/evaluate.ts'
import type { Plan, Row } from '../core/plan/plan.ts'
import { compile, optimised } from '../core/workbench/compile.ts'

interface Agreement {
  readonly folder: string
  /** The main query, and pages that run it. */
  readonly native: string
  readonly pages: readonly string[]
  /** Columns that identify a finding, under the names of both. */
  readonly same: readonly string[]
  /** Cases in which the two differ, and why. Each must differ. */
  readonly differs: Readonly<Record<string, string>>
}

const DATA = 'the rule counts the bytes of data connections, not the connections'
const agreements: readonly Agreement[] = [
  {
    folder: 'T1071.002-file-transfer-protocols',
    native: 'sumo.sumo',
    pages: ['sumo-attack', 'sumo-benign', 'sumo-near-miss', 'sumo-data-connections'],
    same: ['source', 'src_ip', 'inside', 'destination', 'dst_ip', 'outside'],
    differs: {
      'one TFTP transfer is enough': 'the correlation counts TFTP like the others',
      'a large upload over UDP to a high port': 'FTP and TFTP share a correlation, so UDP counts beside FTP',
      'three and one elsewhere': 'the correlation counts all protocols together',
      'a folder goes out in one session': DATA,
      'ten data connections are more than nine': DATA,
      'data connections beside many control connections': DATA,
      'Cisco ASA: ten data connections, no bytes': DATA,
      'FortiGate: ten data connections': DATA,
    },
  },
  {
    folder: 'T1071.002-file-transfer-protocols',
    native: 'logscale.cql',
    pages: ['logscale-attack', 'logscale-benign', 'logscale-near-miss', 'logscale-data-connections'],
    same: ['RemoteAddress', 'DestinationIp'],
    differs: {
      'one TFTP transfer is enough': 'the correlation counts TFTP like the others',
      'more findings than a table shows by default': 'the correlation counts TFTP like the others',
      'three over FTP and one over SMB': 'the correlation counts all protocols together',
      'a host that is renamed': 'the correlation tells hosts by their name, the query by their sensor',
      'a folder goes out in one session': DATA,
      'ten data connections are more than nine': DATA,
      'fifty files are more than forty-nine': DATA,
    },
  },
  {
    folder: 'T1048.003-unencrypted-non-c2-protocol',
    native: 'logscale.cql',
    pages: ['logscale-attack', 'logscale-benign', 'logscale-near-miss'],
    same: ['ContextBaseFileName', 'Image', 'RemoteAddress', 'DestinationIp'],
    differs: { 'every program of the list': 'a program of Windows without `.exe` is none of the rule' },
  },
]

for (const { folder, native, pages, same, differs } of agreements)
  test(`${folder}: sigma.yml and ${native}`, () => {
    const tests = join(import.meta.dirname, folder, 'tests')
    const readFile = (path: string): string | undefined =>
      existsSync(join(tests, path)) ? readFileSync(join(tests, path), 'utf8') : undefined
    const compiled = compile({ name: 'sigma.yml', text: readFile('../sigma.yml') ?? '' }, 'sigma')
    assert.deepEqual(
      compiled.diagnostics.map((d) => d.message),
      [],
    )
    const sigma = optimised(compiled.plan as Plan)
    const found = (rows: readonly Row[]): string[] =>
      [...new Set(rows.map((r) => same.flatMap((n) => (r[n] == null ? [] : [String(r[n])])).join(' ')))].sort()
    const differing: string[] = []
    let compared = 0
    for (const page of pages) {
      const file = parseCaseFile({ name: page, text: readFile(`${page}.case.md`) ?? '' })
      for (const c of file.cases) {
        const query = prepareCase(file, c, readFile).queries.find((q) => q.compiled.source.name.endsWith(`/${native}`))
        if (!query?.plan) continue
        compared++
        const theirs = found(evaluate(query.plan, query.rows, query.env).rows)
        const ours = found(evaluate(sigma, query.rows, query.env).rows)
        if (JSON.stringify(theirs) !== JSON.stringify(ours)) differing.push(c.title)
      }
    }
    assert.ok(compared > 10, `${compared} cases`)
    assert.deepEqual(differing.sort(), Object.keys(differs).sort())
  })
