// The client of the extension against the server as a process, with a fake API of VS Code.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtProgram } from './built.ts'

const program = await builtProgram()

type Provider = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>

/** The parts of the API that the client uses. Every class keeps its arguments. */
function fakeApi(text: string) {
  const providers = new Map<string, Provider>()
  const diagnostics: { message: string; code: string }[][] = []
  const uri = { toString: () => 'file:///project/q.cql', fsPath: '/project/q.cql' }
  const document = { uri, languageId: 'cql', version: 1, getText: () => text }
  class Kept {
    readonly args: readonly unknown[]
    constructor(...args: readonly unknown[]) {
      this.args = args
    }
    replace() {}
  }
  const languages = new Proxy({} as Record<string, unknown>, {
    get: (_, name: string) => {
      if (name === 'match') return () => 10
      if (name === 'createDiagnosticCollection')
        return () => ({ set: (_uri: unknown, all: { message: string; code: string }[]) => diagnostics.push(all) })
      return (_selector: unknown, provider: Provider) => providers.set(name, provider)
    },
  })
  const api = new Proxy({} as Record<string, unknown>, {
    get: (_, name: string) => {
      if (name === 'languages') return languages
      if (name === 'TextEdit') return { replace: (...args: readonly unknown[]) => args }
      if (name === 'Uri') return { parse: () => uri }
      if (name === 'CodeActionKind') return { Empty: { append: (k: string) => k } }
      if (name === 'workspace')
        return {
          textDocuments: [document],
          onDidOpenTextDocument() {},
          onDidChangeTextDocument() {},
          onDidCloseTextDocument() {},
        }
      return Kept
    },
  })
  return { api, providers, diagnostics, document }
}

test('diagnostics, hover, completion and code actions reach the editor', async () => {
  const { api, providers, diagnostics, document } = fakeApi('RemotePort in (20, 21) | groupBy(aid)')
  const { start } = (await import(new URL('../../editors/vscode/src/client.js', import.meta.url).href)) as {
    start(
      api: unknown,
      of: object,
    ): Promise<{ stop(): Promise<void>; child: { exitCode: number | null; once(e: string, f: () => void): void } }>
  }
  const client = await start(api, { command: [process.execPath, program], folder: process.cwd() })
  for (let i = 0; i < 200 && diagnostics.length === 0; i++) await new Promise((r) => setTimeout(r, 50))
  assert.ok(diagnostics[0]?.some((d) => d.code.startsWith('CQL')))
  const at = { line: 0, character: 27 }
  const ask = (provider: string, method: string, ...args: readonly unknown[]): Promise<unknown> =>
    providers.get(provider)?.[method]?.(document, ...args) ?? Promise.reject(new Error(`no ${provider}`))
  assert.match(JSON.stringify(await ask('registerHoverProvider', 'provideHover', at)), /One row per combination/)
  const items = (await ask('registerCompletionItemProvider', 'provideCompletionItems', { line: 0, character: 33 })) as {
    args: string[]
  }[]
  assert.ok(items.some((i) => i.args[0] === 'limit='))
  const whole = { start: { line: 0, character: 0 }, end: { line: 0, character: 20 } }
  const actions = (await ask('registerCodeActionsProvider', 'provideCodeActions', whole, {})) as unknown[]
  assert.ok(actions.length > 0)
  for (const [name, method] of [
    ['registerDocumentSymbolProvider', 'provideDocumentSymbols'],
    ['registerFoldingRangeProvider', 'provideFoldingRanges'],
    ['registerDocumentFormattingEditProvider', 'provideDocumentFormattingEdits'],
    ['registerCodeLensProvider', 'provideCodeLenses'],
    ['registerDocumentSemanticTokensProvider', 'provideDocumentSemanticTokens'],
  ] as const)
    assert.ok(await ask(name, method), name)
  const ended = new Promise<void>((done) => client.child.once('exit', done))
  await client.stop()
  await ended
})
