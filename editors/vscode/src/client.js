// A client of the language server, by the API of VS Code. Small, because the server has no options and the protocol is JSON.
import { spawn } from 'node:child_process'
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node'

const SELECTOR = [
  { language: 'cql' },
  { language: 'sumo' },
  { pattern: '**/*.{sigma,sigma.yml,sigma.yaml}' },
  { pattern: '**/{detection,assay}.yml' },
  { pattern: '**/*.case.md' },
  { language: 'yaml' },
]

/** Starts the server and registers its services. `vscode` is the API. */
export async function start(vscode, { command, logs = [], folder }) {
  const [program, ...first] = command
  const child = spawn(program, [...first, 'lsp', '--stdio', ...logs.flatMap((l) => ['--logs', l])], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
  const failed = new Promise((_, no) => child.once('error', no))
  connection.listen()
  const capabilities = { textDocument: { completion: { completionItem: { snippetSupport: true } } } }
  const answer = await Promise.race([connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities }), failed])
  await connection.sendNotification('initialized', {})
  const tell = (method, params) => connection.sendNotification(method, params).catch(() => {})
  const ask = (method, params) => connection.sendRequest(method, params)

  const range = (r) => new vscode.Range(r.start.line, r.start.character, r.end.line, r.end.character)
  const markdown = (value) => new vscode.MarkdownString(value)
  const of = (document, position) => ({
    textDocument: { uri: document.uri.toString() },
    ...(position && { position: { line: position.line, character: position.character } }),
  })
  const edits = (changes) => {
    const edit = new vscode.WorkspaceEdit()
    for (const [uri, all] of Object.entries(changes ?? {}))
      for (const e of all) edit.replace(vscode.Uri.parse(uri), range(e.range), e.newText)
    return edit
  }
  const diagnostic = (d) => {
    const made = new vscode.Diagnostic(range(d.range), d.message, d.severity - 1)
    made.code = d.code
    made.source = d.source
    return made
  }
  const symbol = (s) => {
    const made = new vscode.DocumentSymbol(s.name, '', s.kind - 1, range(s.range), range(s.selectionRange))
    made.children = s.children.map(symbol)
    return made
  }

  const collection = vscode.languages.createDiagnosticCollection('assay')
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) =>
    collection.set(vscode.Uri.parse(uri), diagnostics.map(diagnostic)),
  )
  const known = (document) => vscode.languages.match(SELECTOR, document) > 0
  const open = (document) =>
    known(document) &&
    tell('textDocument/didOpen', { textDocument: { uri: document.uri.toString(), languageId: document.languageId, version: document.version, text: document.getText() } })
  const { tokenTypes, tokenModifiers } = answer.capabilities.semanticTokensProvider.legend
  const { languages, workspace } = vscode
  const subscriptions = [
    collection,
    workspace.onDidOpenTextDocument(open),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) =>
      known(document) &&
      tell('textDocument/didChange', {
        textDocument: { uri: document.uri.toString(), version: document.version },
        contentChanges: contentChanges.map((c) => ({ range: { start: c.range.start, end: c.range.end }, text: c.text })),
      }),
    ),
    workspace.onDidCloseTextDocument((document) => known(document) && tell('textDocument/didClose', of(document))),
    languages.registerHoverProvider(SELECTOR, {
      provideHover: async (document, position) => {
        const hover = await ask('textDocument/hover', of(document, position))
        return hover && new vscode.Hover(markdown(hover.contents.value), range(hover.range))
      },
    }),
    languages.registerCompletionItemProvider(
      SELECTOR,
      {
        provideCompletionItems: async (document, position) =>
          (await ask('textDocument/completion', of(document, position))).map((i) => {
            const item = new vscode.CompletionItem(i.label, i.kind - 1)
            item.detail = i.detail
            if (i.documentation) item.documentation = markdown(i.documentation.value)
            item.insertText = i.insertTextFormat === 2 ? new vscode.SnippetString(i.textEdit.newText) : i.textEdit.newText
            item.range = range(i.textEdit.range)
            item.filterText = i.filterText
            item.sortText = i.sortText
            return item
          }),
      },
      ...answer.capabilities.completionProvider.triggerCharacters,
    ),
    languages.registerSignatureHelpProvider(
      SELECTOR,
      {
        provideSignatureHelp: async (document, position) => {
          const help = await ask('textDocument/signatureHelp', of(document, position))
          if (!help) return undefined
          const made = new vscode.SignatureHelp()
          made.signatures = help.signatures.map((s) => {
            const signature = new vscode.SignatureInformation(s.label, markdown(s.documentation.value))
            signature.parameters = s.parameters.map((p) => new vscode.ParameterInformation(p.label, markdown(p.documentation.value)))
            return signature
          })
          made.activeSignature = 0
          made.activeParameter = help.activeParameter ?? -1
          return made
        },
      },
      ...answer.capabilities.signatureHelpProvider.triggerCharacters,
    ),
    languages.registerDocumentSymbolProvider(SELECTOR, {
      provideDocumentSymbols: async (document) => (await ask('textDocument/documentSymbol', of(document))).map(symbol),
    }),
    languages.registerFoldingRangeProvider(SELECTOR, {
      provideFoldingRanges: async (document) =>
        (await ask('textDocument/foldingRange', of(document))).map((f) => new vscode.FoldingRange(f.startLine, f.endLine)),
    }),
    languages.registerDocumentFormattingEditProvider(SELECTOR, {
      provideDocumentFormattingEdits: async (document) =>
        (await ask('textDocument/formatting', { ...of(document), options: {} })).map((e) => vscode.TextEdit.replace(range(e.range), e.newText)),
    }),
    languages.registerRenameProvider(SELECTOR, {
      prepareRename: async (document, position) => {
        const found = await ask('textDocument/prepareRename', of(document, position))
        return found && { range: range(found.range), placeholder: found.placeholder }
      },
      provideRenameEdits: async (document, position, newName) =>
        edits((await ask('textDocument/rename', { ...of(document, position), newName }))?.changes),
    }),
    languages.registerCodeActionsProvider(SELECTOR, {
      provideCodeActions: async (document, { start: from, end: to }, { only }) => {
        const context = { diagnostics: [], ...(only && { only: [only.value] }) }
        const actions = await ask('textDocument/codeAction', { ...of(document), range: { start: from, end: to }, context })
        return actions.map((a) => {
          const action = new vscode.CodeAction(a.title, vscode.CodeActionKind.Empty.append(a.kind))
          action.edit = edits(a.edit.changes)
          action.diagnostics = a.diagnostics?.map(diagnostic)
          action.isPreferred = a.isPreferred
          return action
        })
      },
    }),
    languages.registerCodeLensProvider(SELECTOR, {
      provideCodeLenses: async (document) =>
        (await ask('textDocument/codeLens', of(document))).map((l) => new vscode.CodeLens(range(l.range), l.command)),
    }),
    languages.registerInlayHintsProvider(SELECTOR, {
      provideInlayHints: async (document, { start: from, end: to }) =>
        (await ask('textDocument/inlayHint', { ...of(document), range: { start: from, end: to } })).map((h) => {
          const hint = new vscode.InlayHint(new vscode.Position(h.position.line, h.position.character), h.label, h.kind)
          hint.paddingLeft = true
          return hint
        }),
    }),
    languages.registerDocumentSemanticTokensProvider(
      SELECTOR,
      {
        provideDocumentSemanticTokens: async (document) =>
          new vscode.SemanticTokens(new Uint32Array((await ask('textDocument/semanticTokens/full', of(document))).data)),
      },
      new vscode.SemanticTokensLegend(tokenTypes, tokenModifiers),
    ),
  ]
  for (const document of workspace.textDocuments) open(document)
  const stop = async () => {
    await ask('shutdown').catch(() => {})
    await tell('exit')
    connection.dispose()
  }
  return { subscriptions, stop, child }
}
