// The tools of the server run in processes, which can be ended: a tool that is out of time, or whose call is cancelled, stops working.
// A race with a timer would answer in time, and its work would go on; a long regular expression would stop the timer too.
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { type Channel, processChannel } from '../../engine/workers/channel.ts'
import { answer } from './answer.ts'
import type { House } from './house.ts'

/** Where tools are registered: the server, or the process that runs them. */
export type ToolHost = Pick<McpServer, 'registerTool'>

export interface ToProcess {
  readonly house: House
  readonly name: string
  readonly input: unknown
}
export interface FromProcess {
  readonly result: CallToolResult
}

interface Tool {
  readonly channel: Channel
  hasEnded: boolean
  done: ((result: CallToolResult) => void) | undefined
}

/** More calls wait. */
const MOST = 4
/** Milliseconds to end in order, after which the process is ended. */
const GRACE = 1000
const CRASHED = 'The tool ended without an answer: the text or the logs need more memory than there is.'

export class ToolProcesses {
  readonly #house: House
  readonly #idle: Tool[] = []
  readonly #waiting: (() => void)[] = []
  #busy = 0

  constructor(house: House) {
    this.#house = house
  }

  async call(name: string, input: unknown, cancelled: AbortSignal): Promise<CallToolResult> {
    if (this.#busy >= MOST) await new Promise<void>((go) => this.#waiting.push(go))
    this.#busy++
    try {
      return await this.#run(name, input, cancelled)
    } finally {
      this.#busy--
      this.#waiting.shift()?.()
    }
  }

  #run(name: string, input: unknown, cancelled: AbortSignal): Promise<CallToolResult> {
    const tool = this.#alive() ?? start()
    tool.channel.idle?.(false)
    const { maxTime } = this.#house
    const began = performance.now()
    return new Promise((resolve) => {
      const finish = (result: CallToolResult, isUsable: boolean): void => {
        if (tool.done === undefined) return
        tool.done = undefined
        clearTimeout(timer)
        cancelled.removeEventListener('abort', cancel)
        if (isUsable) {
          tool.channel.idle?.(true)
          this.#idle.push(tool)
        } else void tool.channel.end()
        resolve(result)
      }
      const cancel = (): void => finish(answer('Cancelled.', { isError: true }), false)
      const timer = setTimeout(() => finish(outOfTime(this.#house), false), maxTime + GRACE)
      // A tool that answered late has work left.
      tool.done = (result) => finish(result, !tool.hasEnded && performance.now() - began < maxTime)
      cancelled.addEventListener('abort', cancel)
      if (cancelled.aborted) cancel()
      else tool.channel.post({ house: this.#house, name, input } satisfies ToProcess)
    })
  }

  #alive(): Tool | undefined {
    for (let tool = this.#idle.pop(); tool; tool = this.#idle.pop()) if (!tool.hasEnded) return tool
    return undefined
  }

  end(): void {
    for (const tool of this.#idle.splice(0)) void tool.channel.end()
  }
}

function start(): Tool {
  const channel = processChannel('process-tools')
  const tool: Tool = { channel, hasEnded: false, done: undefined }
  const crashed = (): void => {
    tool.hasEnded = true
    tool.done?.(answer(CRASHED, { isError: true }))
  }
  channel.on('message', ({ result }: FromProcess) => tool.done?.(result))
  channel.on('error', crashed)
  channel.on('exit', crashed)
  return tool
}

export const outOfTime = ({ maxTime }: House): CallToolResult =>
  answer(`Stopped after ${maxTime / 1000} seconds. Ask for a shorter interval, fewer logs or a shorter text.`, {
    isError: true,
  })

/** Registers tools whose work is done by the processes. */
export const forwarding = (server: McpServer, processes: ToolProcesses): ToolHost => ({
  registerTool: ((name: string, config: object) =>
    server.registerTool(
      name,
      config as never,
      ((input: unknown, extra: { signal: AbortSignal }) => processes.call(name, input, extra.signal)) as never,
    )) as unknown as ToolHost['registerTool'],
})
