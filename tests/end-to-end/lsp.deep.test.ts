// The language server as a process: a real editor, an editor that dies, many files and many edits.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { builtProgram } from './built.ts'
import { opened, startServer } from './lsp-client.ts'

const program = await builtProgram()
const folder = mkdtempSync(join(tmpdir(), 'assay-lsp-'))
after(() => rmSync(folder, { recursive: true }))

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const hasNeovim = spawnSync('nvim', ['--version']).status === 0
test('Neovim shows a diagnostic, hovers and completes', { skip: hasNeovim ? false : 'no Neovim here' }, () => {
  const query = join(folder, 'q.cql')
  writeFileSync(query, 'RemotePort in (20, 21)\n| groupBy(aid)\n')
  const script = join(folder, 'drive.lua')
  writeFileSync(
    script,
    `local id = vim.lsp.start_client({ name = 'assay', cmd = { ${JSON.stringify(process.execPath)}, ${JSON.stringify(join(process.cwd(), program))}, 'lsp', '--stdio' }, root_dir = ${JSON.stringify(folder)} })
vim.lsp.buf_attach_client(0, id)
vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50)
local out = { diagnostics = vim.diagnostic.get(0) }
local at = { textDocument = vim.lsp.util.make_text_document_params(), position = { line = 1, character = 4 } }
local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', at, 10000)
out.hover = hover and hover[id] and hover[id].result
local words = vim.lsp.buf_request_sync(0, 'textDocument/completion', { textDocument = at.textDocument, position = { line = 1, character = 10 } }, 10000)
out.words = words and words[id] and #(words[id].result.items or words[id].result)
vim.fn.writefile({ vim.json.encode(out) }, ${JSON.stringify(join(folder, 'out.json'))})
vim.lsp.stop_client(id)
vim.cmd('qa!')
`,
  )
  execFileSync('nvim', ['--headless', '-u', 'NONE', '-c', `luafile ${script}`, query], {
    timeout: 60_000,
    stdio: 'pipe',
  })
  const out = JSON.parse(execFileSync('cat', [join(folder, 'out.json')], { encoding: 'utf8' })) as {
    diagnostics: { code: string }[]
    hover: { contents: { value: string } }
    words: number
  }
  assert.ok(out.diagnostics.some((d) => d.code.startsWith('CQL')))
  assert.match(out.hover.contents.value, /One row per combination/)
  assert.ok(out.words > 5)
})

test('the server ends when its editor closes the streams, at any moment', async () => {
  for (const delay of [0, 30, 400]) {
    const child = spawn(process.execPath, [program, 'lsp', '--stdio'], { stdio: ['pipe', 'ignore', 'inherit'] })
    await new Promise((r) => setTimeout(r, delay))
    child.stdin.end()
    const status = await new Promise((done) => child.once('exit', done))
    assert.equal(status, 0, `after ${delay} ms`)
  }
})

test('1,000 open files and 10,000 edits leave no more memory behind than the files need', {
  timeout: 500_000,
}, async () => {
  const client = startServer()
  await client.ask('initialize', { processId: null, rootUri: null, capabilities: {} })
  await client.tell('initialized', {})
  const uri = (n: number): string => `file:///project/q${n}.cql`
  for (let n = 0; n < 1000; n++)
    await client.tell('textDocument/didOpen', opened(uri(n), 'cql', `a=${n} | groupBy(b)\n`))
  const answer = (n: number): Promise<unknown> =>
    client.ask('textDocument/documentSymbol', { textDocument: { uri: uri(n) } })
  await answer(999)
  const edits = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      const n = i % 1000
      await client.tell('textDocument/didChange', {
        textDocument: { uri: uri(n), version: i + 2 },
        contentChanges: [
          { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, text: 'ab'[i % 2] as string },
        ],
      })
      if (i % 50 === 0) await answer(n)
    }
    await answer(0)
    await new Promise((r) => setTimeout(r, 3000))
  }
  const memory = (): number => {
    collect()
    return process.memoryUsage().heapUsed / 1e6
  }
  await edits(0, 2000)
  const before = memory()
  await edits(2000, 10_000)
  const grown = memory() - before
  assert.ok(grown < 60, `${grown.toFixed(0)} MB more after 8,000 edits`)
  for (let n = 0; n < 1000; n++) await client.tell('textDocument/didClose', { textDocument: { uri: uri(n) } })
  assert.equal(
    await client.ask('textDocument/hover', { textDocument: { uri: uri(0) }, position: { line: 0, character: 0 } }),
    null,
  )
  client.end()
})
