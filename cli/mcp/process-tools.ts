// The process that runs tools, one call at a time. Its parent ends it at any moment, by force.
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { internalError } from '../../core/diag/catalogue/cli.ts'
import { refusal } from './answer.ts'
import type { House } from './house.ts'
import { addLogTools } from './log-tools.ts'
import { addTextTools } from './text-tools.ts'
import type { FromProcess, ToolHost, ToProcess } from './tool-process.ts'

type Handler = (input: unknown) => CallToolResult | Promise<CallToolResult>

// A terminal sends Ctrl-C to every process of a command. The parent decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (message: ToProcess) => void answerTo(message))

let handlers: ReadonlyMap<string, Handler> | undefined

async function answerTo({ house, name, input }: ToProcess): Promise<void> {
  handlers ??= handlersOf(house)
  let result: CallToolResult
  try {
    result = (await handlers.get(name)?.(input)) ?? refusal([internalError(new Error(`no tool ${name}`))])
  } catch (e) {
    result = refusal([internalError(e)])
  }
  process.send?.({ result } satisfies FromProcess)
}

function handlersOf(house: House): ReadonlyMap<string, Handler> {
  const found = new Map<string, Handler>()
  const host: ToolHost = {
    registerTool: ((name: string, _: object, handler: Handler) => found.set(name, handler)) as never,
  }
  addTextTools(host, house)
  addLogTools(host, house)
  return found
}
