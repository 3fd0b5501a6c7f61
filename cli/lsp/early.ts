// The beginning of the language server. An editor waits for the answer to `initialize`, and a person for the editor: so it is
// answered before languages and catalogues are loaded, and all other messages wait for them.
import {
  type Connection,
  createConnection,
  type InitializeParams,
  type InitializeResult,
  type Message,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node'
import { capabilitiesFor } from './capabilities.ts'

export interface EarlyConnection {
  readonly connection: Connection
  /** The first message of the editor; undefined: it has not come yet. */
  readonly params: () => InitializeParams | undefined
  /** Handles the messages that waited, in their order, and from now on each at once. */
  release(): void
}

export function listenEarly(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): EarlyConnection {
  let params: InitializeParams | undefined
  let waiting: (() => unknown)[] | undefined = []
  const isFirst = (message: Message): boolean => 'method' in message && message.method === 'initialize'
  const connection = createConnection(new StreamMessageReader(input), new StreamMessageWriter(output), {
    messageStrategy: {
      handleMessage(message, next) {
        if (!waiting || isFirst(message)) return next(message)
        return new Promise<void>((done, failed) => {
          waiting?.push(() => Promise.resolve(next(message)).then(done, failed))
        })
      },
    },
  })
  connection.onInitialize((first): InitializeResult => {
    params = first
    return capabilitiesFor(first)
  })
  connection.listen()
  return {
    connection,
    params: () => params,
    release() {
      const held = waiting ?? []
      waiting = undefined
      for (const handle of held) void handle()
    },
  }
}

let ofProcess: EarlyConnection | undefined
/** The connection over the streams of the process; the same at each call. */
export function processConnection(): EarlyConnection {
  ofProcess ??= listenEarly(process.stdin, process.stdout)
  return ofProcess
}
