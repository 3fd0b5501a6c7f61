// The language server: the first messages of real editors, every service over the wire, and bad clients.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type {
  CodeAction,
  CompletionItem,
  DocumentSymbol,
  Hover,
  InitializeResult,
  WorkspaceEdit,
} from 'vscode-languageserver/node'
import { type Client, opened, startServer } from './lsp-client.ts'

const URI = 'file:///project/q.cql'
const paramsOf = (editor: string): unknown =>
  (JSON.parse(readFileSync(`tests/end-to-end/editors/${editor}.json`, 'utf8')) as { params: unknown }).params

async function withServer(
  editor: string,
  use: (client: Client, first: InitializeResult) => Promise<void>,
): Promise<void> {
  const client = startServer()
  try {
    const first = await client.ask<InitializeResult>('initialize', paramsOf(editor))
    await client.tell('initialized', {})
    await use(client, first)
  } finally {
    client.end()
  }
}

for (const [editor, encoding] of [
  ['vscode', 'utf-16'],
  ['neovim', 'utf-16'],
  ['helix', 'utf-8'],
] as const)
  test(`${editor}: opens a query with a character beyond the basic plane, sees and mends its error`, () =>
    withServer(editor, async (client, first) => {
      assert.equal(first.capabilities.positionEncoding, encoding)
      const text = 'x="😀é" | RemotePort in (20, 21)'
      const next = client.diagnostics(URI)
      await client.tell('textDocument/didOpen', opened(URI, 'cql', text))
      const [d] = (await next).filter((x) => x.severity === 1)
      const before = 'x="😀é" | '
      const column = encoding === 'utf-8' ? Buffer.byteLength(before) : before.length
      assert.equal(d?.range.start.character, column)
      const actions = await client.ask<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri: URI },
        range: d.range,
        context: { diagnostics: [d] },
      })
      const edits = actions[0]?.edit?.changes?.[URI] ?? []
      const mended = client.diagnostics(URI)
      await client.tell('textDocument/didChange', {
        textDocument: { uri: URI, version: 2 },
        contentChanges: edits.map((e) => ({ range: e.range, text: e.newText })).reverse(),
      })
      assert.deepEqual(
        (await mended).filter((x) => x.severity === 1),
        [],
      )
    }))

test('every service answers over the wire', () =>
  withServer('vscode', async (client) => {
    const text =
      '#event_simpleName=DnsRequest\n| n := lower(DomainName)\n| groupBy([aid, n], function=count(as=hits))\n| hits > 5\n'
    await client.tell('textDocument/didOpen', opened(URI, 'cql', text))
    const at = (line: number, character: number) => ({ textDocument: { uri: URI }, position: { line, character } })
    const document = { textDocument: { uri: URI } }
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } }
    const hover = await client.ask<Hover>('textDocument/hover', at(2, 4))
    assert.match((hover.contents as { value: string }).value, /One row per combination/)
    const items = await client.ask<CompletionItem[]>('textDocument/completion', at(2, 10))
    assert.ok(items.some((i) => i.label === 'limit='))
    assert.match(JSON.stringify(await client.ask('textDocument/signatureHelp', at(2, 10))), /groupBy\(field/)
    const symbols = await client.ask<DocumentSymbol[]>('textDocument/documentSymbol', document)
    assert.deepEqual(
      symbols.map((s) => s.name),
      [
        '#event_simpleName=DnsRequest',
        'n := lower(DomainName)',
        'groupBy([aid, n], function=count(as=hits))',
        'hits > 5',
      ],
    )
    const renamed = await client.ask<WorkspaceEdit>('textDocument/rename', { ...at(1, 2), newName: 'domain' })
    assert.equal(renamed.changes?.[URI]?.length, 2)
    await assert.rejects(client.ask('textDocument/rename', { ...at(1, 14), newName: 'd' }), /field of the events/)
    const hints = await client.ask<{ label: string }[]>('textDocument/inlayHint', { ...document, range })
    assert.deepEqual(
      hints.map((h) => h.label),
      ['→ aid, n, hits'],
    )
    const { data } = await client.ask<{ data: number[] }>('textDocument/semanticTokens/full', document)
    assert.ok(data.length > 50 && data.length % 5 === 0 && data.every((n) => n >= 0))
    const lenses = await client.ask<{ command: { command: string } }[]>('textDocument/codeLens', document)
    assert.equal(lenses[0]?.command.command, 'assay.run')
    assert.deepEqual(await client.ask('textDocument/formatting', { ...document, options: { tabSize: 2 } }), [])
    assert.ok(Array.isArray(await client.ask('textDocument/foldingRange', document)))
  }))

test('a text of an unknown kind, a closed text and a request too early have empty answers', () =>
  withServer('neovim', async (client) => {
    const at = { textDocument: { uri: 'file:///x.txt' }, position: { line: 4, character: 9 } }
    assert.equal(await client.ask('textDocument/hover', at), null)
    await client.tell('textDocument/didOpen', opened('file:///x.txt', 'plaintext', 'a=1'))
    assert.deepEqual(await client.ask('textDocument/completion', at), [])
    await client.tell('textDocument/didClose', { textDocument: { uri: 'file:///x.txt' } })
    await client.tell('textDocument/didChange', {
      textDocument: { uri: 'file:///x.txt', version: 3 },
      contentChanges: [{ text: 'b' }],
    })
    assert.equal(await client.ask('textDocument/hover', at), null)
  }))

test('malformed messages, unknown methods and cancelled requests leave the server alive', () =>
  withServer('vscode', async (client) => {
    const frame = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    client.wire.write(frame('{"jsonrpc":"2.0","method":'))
    client.wire.write(frame('[]'))
    client.wire.write(frame('{"jsonrpc":"2.0","id":77}'))
    client.wire.write(frame('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":null}}'))
    client.wire.write(frame('{"jsonrpc":"2.0","method":"textDocument/didChange","params":{}}'))
    await assert.rejects(client.ask('no/such', {}), /Unhandled method/)
    await assert.rejects(
      client
        .ask('textDocument/hover', { textDocument: {}, position: 'x' })
        .then((r) => assert.equal(r, null))
        .then(() => Promise.reject(new Error('answered'))),
      /answered|failed/,
    )
    await client.tell('textDocument/didOpen', opened(URI, 'cql', 'a=1'))
    const { CancellationTokenSource } = await import('vscode-languageserver/node')
    const source = new CancellationTokenSource()
    const asked = client.connection.sendRequest(
      'textDocument/hover',
      { textDocument: { uri: URI }, position: { line: 0, character: 0 } },
      source.token,
    )
    source.cancel()
    await asked.catch((e: Error) => assert.match(e.message, /cancel/i))
    assert.ok(
      await client.ask('textDocument/hover', { textDocument: { uri: URI }, position: { line: 0, character: 0 } }),
    )
  }))
