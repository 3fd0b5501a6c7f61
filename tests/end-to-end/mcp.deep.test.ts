// The server for agents as a process: the SDK's client over standard input and output.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { builtProgram } from './built.ts'

const folder = mkdtempSync(join(tmpdir(), 'assay-mcp-'))
after(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'logs.json'), '{"a":"1"}\n')
const program = await builtProgram()

test('the client lists and calls tools of the process, which ends with it', async () => {
  const transport = new StdioClientTransport({ command: process.execPath, args: [program, 'mcp', '--root', folder] })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport as Parameters<typeof client.connect>[0])
  const { pid } = transport
  assert.equal((await client.listTools()).tools.length, 10)
  const run = await client.callTool({
    name: 'run',
    arguments: { query: 'a=1 | count()', language: 'cql', logs: ['logs.json'] },
  })
  assert.match(JSON.stringify(run.content), /_count/)
  await client.close()
  await new Promise((r) => setTimeout(r, 500))
  assert.throws(() => process.kill(pid as number, 0))
})
