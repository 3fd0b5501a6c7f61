// assay mcp: a server for agents, over standard input and output or over HTTP on this machine.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { serverPort } from '../core/diag/catalogue/cli.ts'
import { diagnostic, noPlace } from '../core/diag/diagnostic.ts'
import type { McpFlags } from './commands/mcp.ts'
import type { Io } from './io.ts'
import { houseOf } from './mcp/house.ts'
import { agentServer } from './mcp/server.ts'
import { print } from './print.ts'
import { say } from './say.ts'

export async function mcp(io: Io, flags: McpFlags): Promise<number> {
  const house = houseOf(flags)
  if (flags.http !== undefined) return overHttp(io, flags.http, house)
  const transport = new StdioServerTransport()
  const server = agentServer(house)
  const ended = new Promise<void>((done) => {
    // The agent ends the server by closing its input.
    process.stdin.once('end', done).once('close', done)
    transport.onclose = done
  })
  await server.connect(transport)
  await ended
  await server.close()
  return 0
}

async function overHttp(io: Io, port: string, house: ReturnType<typeof houseOf>): Promise<number> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    say(io, [diagnostic(serverPort, noPlace, { text: port })])
    return 2
  }
  const { serveHttp } = await import('./mcp/http.ts')
  const { server, port: own } = await serveHttp(house, Number(port))
  print(io.stderr, `http://127.0.0.1:${own}/mcp (Ctrl-C stops)\n`)
  await new Promise((done) => process.once('SIGINT', done).once('SIGTERM', done))
  server.close()
  return 0
}
