// A language server in this process and a client of it, over streams.
import { PassThrough } from 'node:stream'
import {
  createProtocolConnection,
  type Diagnostic,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { listenEarly } from '../../cli/lsp/early.ts'
import { serve } from '../../cli/lsp/server.ts'

export interface Client {
  readonly connection: ProtocolConnection
  /** The bytes to the server. */
  readonly wire: PassThrough
  ask<T>(method: string, params: unknown): Promise<T>
  tell(method: string, params: unknown): Promise<void>
  /** The next diagnostics of a document. */
  diagnostics(uri: string): Promise<readonly Diagnostic[]>
  end(): void
}

export function startServer(flags: Parameters<typeof serve>[1] = { logs: [] }): Client {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()]
  const early = listenEarly(toServer, toClient)
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer))
  const waiting = new Map<string, ((all: readonly Diagnostic[]) => void)[]>()
  connection.onNotification('textDocument/publishDiagnostics', (p: { uri: string; diagnostics: Diagnostic[] }) => {
    for (const hear of waiting.get(p.uri)?.splice(0) ?? []) hear(p.diagnostics)
  })
  connection.listen()
  // As in a process: the rest of the server comes later than the connection.
  let stop = (): void => {}
  setImmediate(() => {
    stop = serve(early, flags, () => {})
  })
  return {
    connection,
    wire: toServer,
    ask: (method, params) => connection.sendRequest(method, params),
    tell: (method, params) => connection.sendNotification(method, params),
    diagnostics: (uri) => new Promise((hear) => waiting.set(uri, [...(waiting.get(uri) ?? []), hear])),
    end() {
      stop()
      connection.dispose()
      early.connection.dispose()
    },
  }
}

export const opened = (uri: string, languageId: string, text: string) => ({
  textDocument: { uri, languageId, version: 1, text },
})
