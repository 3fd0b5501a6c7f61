// The language server: messages of the protocol to calls of the services. It keeps the open documents and nothing else.
import {
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  ErrorCodes,
  type InitializeParams,
  InlayHintKind,
  MarkupKind,
  ResponseError,
} from 'vscode-languageserver'
import {
  actionsAt,
  completionsAt,
  diagnosticsOf,
  fixesOf,
  foldsOf,
  formatted,
  hintsOf,
  hoverAt,
  marksOf,
  type OpenText,
  renamed,
  renamingAt,
  signaturesAt,
  type Surroundings,
  symbolsOf,
} from '../../core/services/services.ts'
import { headProfile } from '../../engine/inputs/head-fields.ts'
import { openTelemetry } from '../../engine/query/prepare-query.ts'
import { resolveReferences } from '../../engine/query/resolve-references.ts'
import type { LspFlags } from '../commands/lsp.ts'
import { encodingOf, FIX_ALL } from './capabilities.ts'
import { toCompletion, toDiagnostic, toEdits, toSignatureHelp, toSymbol, toTokens } from './convert.ts'
import type { EarlyConnection } from './early.ts'
import { Documents, type OpenDocument, rangeOf, spanOf } from './documents.ts'

/** Milliseconds without an edit before diagnostics are computed: a key pressed in the meantime makes them out of date. */
const PAUSE = 40

/** Answers all messages. `ended`: the editor asked the server to end. Returns the function that ends all waiting work. */
export function serve(
  early: EarlyConnection,
  flags: Pick<LspFlags, 'logs'> & Partial<LspFlags>,
  ended: () => void,
): () => void {
  const { connection } = early
  const encoding = (): ReturnType<typeof encodingOf> => encodingOf(early.params() ?? NO_PARAMS)
  const hasSnippets = (): boolean =>
    early.params()?.capabilities.textDocument?.completion?.completionItem?.snippetSupport === true
  let profile: Surroundings['profile']
  const documents = new Documents(encoding)
  const waiting = new Map<string, ReturnType<typeof setTimeout>>()

  /** The same object for the same text, so that a document is compiled once. */
  const known = new WeakMap<OpenText, Surroundings>()
  const plain: Surroundings[] = []
  const around = (text: OpenText): Surroundings => {
    const [part] = text.parts
    const reads = (flags.lookups?.length ?? 0) + (flags.pipeline?.length ?? 0) > 0
    if (!reads || text.kind !== 'query' || !part) {
      plain[0] ??= profile ? { profile } : {}
      return plain[0]
    }
    const found = known.get(text) ?? {
      context: resolveReferences(part.query.source, part.query.language, flags).context,
      ...(profile && { profile }),
    }
    known.set(text, found)
    return found
  }

  const check = (uri: string): void => {
    waiting.delete(uri)
    const document = documents.get(uri)
    if (!document?.text) return
    const diagnostics = diagnosticsOf(document.text, around(document.text)).map((d) => toDiagnostic(document, d))
    void connection.sendDiagnostics({ uri, version: document.version, diagnostics })
  }
  const checkSoon = (uri: string): void => {
    clearTimeout(waiting.get(uri))
    waiting.set(
      uri,
      setTimeout(() => check(uri), PAUSE),
    )
  }

  /** The answer of a service, and of a document that is not open or not known: nothing. */
  const of = <T>(uri: string, answer: (document: OpenDocument, text: OpenText) => T, nothing: T): T => {
    const document = documents.get(uri)
    return document?.text ? answer(document, document.text) : nothing
  }

  connection.onInitialized(() => {
    if (flags.logs.length === 0) return
    openTelemetry({ logs: flags.logs, parser: flags.parser, tz: 'UTC', sourceTz: 'UTC' })
      .then(({ files, diagnostics }) => {
        profile = headProfile(files)
        plain.length = 0
        for (const d of diagnostics) connection.window.showWarningMessage(`${d.message}. ${d.remedy}`)
        for (const d of documents.all) checkSoon(d.uri)
      })
      .catch((e: unknown) => connection.window.showErrorMessage(`the logs cannot be read: ${String(e)}`))
  })

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version: v, text } }) => {
    documents.open(uri, languageId, v, text)
    checkSoon(uri)
  })
  connection.onDidChangeTextDocument(({ textDocument: { uri, version: v }, contentChanges }) => {
    if (documents.change(uri, v, contentChanges)) checkSoon(uri)
  })
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    clearTimeout(waiting.get(uri))
    waiting.delete(uri)
    if (!documents.get(uri)) return
    documents.close(uri)
    void connection.sendDiagnostics({ uri, diagnostics: [] })
  })

  connection.onCompletion(({ textDocument, position }) =>
    of(
      textDocument.uri,
      ({ lines }, text) =>
        completionsAt(text, lines.offset(position), around(text)).map((c, i) =>
          toCompletion(lines, c, i, hasSnippets()),
        ),
      [],
    ),
  )
  connection.onHover(({ textDocument, position }) =>
    of(
      textDocument.uri,
      ({ lines }, text) => {
        const hover = hoverAt(text, lines.offset(position), around(text))
        return hover
          ? { contents: { kind: MarkupKind.Markdown, value: hover.text }, range: rangeOf(lines, hover.span) }
          : null
      },
      null,
    ),
  )
  connection.onSignatureHelp(({ textDocument, position }) =>
    of(
      textDocument.uri,
      ({ lines }, text) => {
        const all = signaturesAt(text, lines.offset(position))
        return all.length > 0 ? toSignatureHelp(all) : null
      },
      null,
    ),
  )
  connection.onDocumentSymbol(({ textDocument }) =>
    of(textDocument.uri, ({ lines }, text) => symbolsOf(text).map((s) => toSymbol(lines, s)), []),
  )
  connection.onFoldingRanges(({ textDocument }) =>
    of(
      textDocument.uri,
      ({ lines }, text) =>
        foldsOf(text).flatMap(({ start, end }) => {
          const [startLine, endLine] = [lines.at(start).line, lines.at(end).line]
          return endLine > startLine ? [{ startLine, endLine }] : []
        }),
      [],
    ),
  )
  connection.onDocumentFormatting(({ textDocument }) =>
    of(textDocument.uri, ({ lines }, text) => toEdits(lines, formatted(text)), []),
  )
  connection.onPrepareRename(({ textDocument, position }) =>
    of(
      textDocument.uri,
      ({ lines }, text) => {
        const found = renamingAt(text, lines.offset(position))
        if (!found.ok) throw new ResponseError(ErrorCodes.InvalidRequest, found.reason)
        return { range: rangeOf(lines, found.span), placeholder: found.name }
      },
      null,
    ),
  )
  connection.onRenameRequest(({ textDocument, position, newName }) =>
    of(
      textDocument.uri,
      ({ lines, uri }, text) => {
        const edits = renamed(text, lines.offset(position), newName)
        if (typeof edits === 'string') throw new ResponseError(ErrorCodes.InvalidRequest, edits)
        return { changes: { [uri]: toEdits(lines, edits) } }
      },
      null,
    ),
  )
  connection.onCodeAction(({ textDocument, range, context }) =>
    of(
      textDocument.uri,
      (document, text) => codeActions(document, text, spanOf(document.lines, range), context.only, around(text)),
      [],
    ),
  )
  connection.onCodeLens(({ textDocument }) => of(textDocument.uri, lenses, []))
  connection.languages.semanticTokens.on(({ textDocument }) =>
    of(textDocument.uri, ({ lines }, text) => ({ data: toTokens(lines, marksOf(text)) }), { data: [] }),
  )
  connection.languages.semanticTokens.onRange(({ textDocument, range }) =>
    of(textDocument.uri, ({ lines }, text) => ({ data: toTokens(lines, marksOf(text, spanOf(lines, range))) }), {
      data: [],
    }),
  )
  connection.languages.inlayHint.on(({ textDocument, range }) =>
    of(
      textDocument.uri,
      ({ lines }, text) => {
        const { start, end } = spanOf(lines, range)
        return hintsOf(text, around(text))
          .filter((h) => h.at >= start && h.at <= end)
          .map((h) => ({ position: lines.at(h.at), label: h.text, kind: InlayHintKind.Type, paddingLeft: true }))
      },
      [],
    ),
  )
  const stop = (): void => {
    for (const timer of waiting.values()) clearTimeout(timer)
    waiting.clear()
  }
  connection.onShutdown(stop)
  connection.onExit(ended)
  early.release()
  return stop
}

const NO_PARAMS: InitializeParams = { processId: null, rootUri: null, capabilities: {} }

function codeActions(
  document: OpenDocument,
  text: OpenText,
  span: { start: number; end: number },
  only: readonly string[] | undefined,
  around: Surroundings,
): CodeAction[] {
  const { lines, uri } = document
  const isWanted = (kind: string): boolean =>
    only === undefined || only.some((o) => kind === o || kind.startsWith(`${o}.`))
  const actions: CodeAction[] = []
  if (isWanted(CodeActionKind.QuickFix))
    for (const a of actionsAt(text, span, around))
      actions.push({
        title: a.safety === 'safe' ? a.title : `${a.title} (changes the meaning)`,
        kind: CodeActionKind.QuickFix,
        diagnostics: [toDiagnostic(document, a.diagnostic)],
        isPreferred: a.safety === 'safe',
        edit: { changes: { [uri]: toEdits(lines, a.edits) } },
      })
  if (only !== undefined && isWanted(FIX_ALL)) {
    const edits = fixesOf(text, around)
    if (edits.length > 0)
      actions.push({
        title: 'Apply all safe fixes',
        kind: FIX_ALL,
        edit: { changes: { [uri]: toEdits(lines, edits) } },
      })
  }
  return actions
}

/** Commands that the editor itself runs, in a terminal: the server starts no process. */
function lenses(document: OpenDocument, text: OpenText): CodeLens[] {
  const { lines, name } = document
  const lens = (at: number, title: string, command: string, args: readonly string[]): CodeLens => ({
    range: rangeOf(lines, { start: at, end: at }),
    command: { title, command, arguments: [...args] },
  })
  if (text.kind === 'detection') return [lens(0, 'Test this detection', 'assay.test', [name.replace(/[^/\\]*$/, '')])]
  if (text.kind === 'query') return [lens(0, 'Run over logs …', 'assay.run', [name])]
  if (text.kind !== 'page') return []
  return symbolsOf(text).map((s) => lens(s.span.start, 'Test', 'assay.test', [name, s.name]))
}
