// The scripts of the GitHub action, with a server in the place of GitHub's API, and the hooks for pre-commit.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { builtProgram } from './built.ts'

const house = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'assay-action-'))
after(() => rmSync(folder, { recursive: true }))

interface Done {
  readonly status: number
  readonly out: string
}
const script = (path: string, env: Record<string, string>): Promise<Done> =>
  new Promise((done) => {
    const child = execFile(
      process.execPath,
      [join(house, path)],
      { cwd: folder, env: { PATH: process.env['PATH'], ...env } },
      (_, out, err) => done({ status: child.exitCode ?? 3, out: out + err }),
    )
  })

test('check.mjs annotates, writes summary and artefact, and fails like lint', async () => {
  mkdirSync(join(folder, 'rules'), { recursive: true })
  writeFileSync(join(folder, 'rules/a.cql'), 'port in (20, 21) | count()\n')
  writeFileSync(join(folder, 'rules/-b $(touch x).cql'), 'count()\n')
  const summary = join(folder, 'summary.md')
  const { status, out } = await script('action/check.mjs', {
    ASSAY_BIN: resolve(await builtProgram()),
    ASSAY_PATHS: 'rules\n',
    ASSAY_OUT: join(folder, 'out'),
    GITHUB_STEP_SUMMARY: summary,
  })
  assert.equal(status, 1, out)
  assert.match(out, /^::error file=rules\/a\.cql,line=1,col=1,/)
  assert.match(readFileSync(summary, 'utf8'), /^### assay lint: 1 error/)
  const sarif = JSON.parse(readFileSync(join(folder, 'out/lint.sarif'), 'utf8')) as { runs: { results: unknown[] }[] }
  assert.equal(sarif.runs[0]?.results.length, 1)
  assert.match(readFileSync(join(folder, 'out/lint.xml'), 'utf8'), /<testsuites name="assay lint" failures="1">/)
})

test('comment.mjs finds the pull request by the commit, writes one comment and renews it; its text stays a block of code', async () => {
  const asked: { method: string; url: string; body: string }[] = []
  let comments: unknown[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (d: Buffer) => (body += String(d)))
    request.on('end', () => {
      asked.push({ method: request.method ?? '', url: request.url ?? '', body })
      const answer = request.url?.includes('/commits/')
        ? [{ number: 7, state: 'open', head: { sha: 'abc' } }]
        : comments
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up))
  try {
    const out = join(folder, 'artefact')
    mkdirSync(out, { recursive: true })
    writeFileSync(join(out, 'lint.md'), '```\n@everyone <script>\u001b[31m\n````\n::error::x\n')
    const event = join(folder, 'event.json')
    writeFileSync(event, JSON.stringify({ workflow_run: { head_sha: 'abc', pull_requests: [] } }))
    const env = {
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_TOKEN: 'none',
      ASSAY_OUT: out,
    }
    assert.equal((await script('action/report/comment.mjs', env)).status, 0)
    const posted = asked.find((a) => a.method === 'POST')
    assert.equal(posted?.url, '/repos/o/r/issues/7/comments')
    const { body } = JSON.parse(posted?.body ?? '') as { body: string }
    assert.match(
      body,
      /^<!-- assay -->\n### Assay\n\n`{5}text\n```\n@everyone <script>\[31m\n````\n::error::x\n\n`{5}\n$/,
    )
    comments = [{ id: 3, user: { type: 'Bot' }, body }]
    assert.equal((await script('action/report/comment.mjs', env)).status, 0)
    assert.equal(asked.at(-1)?.method, 'PATCH')
    assert.equal(asked.at(-1)?.url, '/repos/o/r/issues/comments/3')
  } finally {
    server.close()
  }
})

interface Action {
  readonly runs: {
    readonly using: string
    readonly steps: readonly { readonly run?: string; readonly uses?: string }[]
  }
}

test('no input of a user becomes text of a script, and the second job checks out nothing', () => {
  for (const path of ['action/action.yml', 'action/report/action.yml']) {
    const { runs } = parse(readFileSync(join(house, path), 'utf8')) as Action
    assert.equal(runs.using, 'composite')
    for (const { run = '' } of runs.steps) assert.doesNotMatch(run, /\$\{\{/)
    if (path.includes('report')) for (const { uses = '' } of runs.steps) assert.doesNotMatch(uses, /checkout/)
  }
})

test('the hooks take the files of queries, and not the pages of cases', () => {
  const hooks = parse(readFileSync(join(house, '.pre-commit-hooks.yaml'), 'utf8')) as {
    id: string
    files: string
    exclude?: string
    entry: string
  }[]
  const [lint, fmt] = hooks
  const takes = (hook: (typeof hooks)[number] | undefined, path: string): boolean =>
    hook !== undefined && new RegExp(hook.files).test(path) && !(hook.exclude && new RegExp(hook.exclude).test(path))
  for (const path of ['a.cql', 'x/b.sumo', 'r.sigma.yml', 'rules/win/a.yml', 'detections/x/main.tf'])
    assert.ok(takes(lint, path), path)
  for (const path of ['package.json', 'rules/a.case.md', 'a.yml']) assert.ok(!takes(lint, path), path)
  assert.ok(takes(fmt, 'a.cql') && !takes(fmt, 'rules/a.yml'))
  assert.deepEqual(
    hooks.map((h) => h.entry),
    ['assay lint', 'assay fmt --write'],
  )
})
