// Streamable HTTP on the loopback interface. A page in a browser can reach that interface too, so Host and Origin must be ours.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { House } from './house.ts'
import { agentServer } from './server.ts'
import { ToolProcesses } from './tool-process.ts'

const MOST_BYTES = 4_000_000
const NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** Is the request for this address, and from no page of another site? */
export function isOwnRequest(headers: IncomingMessage['headers'], port: number): boolean {
  const hosts = NAMES.map((n) => `${n}:${port}`)
  const { host, origin } = headers
  return (
    host !== undefined && hosts.includes(host) && (origin === undefined || hosts.some((h) => origin === `http://${h}`))
  )
}

/** Listens until `signal` ends it. No session is kept: each request has a server of its own. */
export function serveHttp(house: House, port: number): Promise<{ server: Server; port: number }> {
  const processes = new ToolProcesses(house)
  const server = createServer((request, response) => {
    const address = server.address()
    const own = typeof address === 'object' && address ? address.port : port
    if (!isOwnRequest(request.headers, own))
      return refuse(response, 403, 'this server answers only programs of this machine')
    if (request.url?.split('?')[0] !== '/mcp') return refuse(response, 404, 'the address is /mcp')
    if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES)
      return refuse(response, 413, 'the request is too large')
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    const agent = agentServer(house, processes)
    response.once('close', () => void agent.close())
    agent
      // The types of the SDK are not written for exactOptionalPropertyTypes.
      .connect(transport as Parameters<typeof agent.connect>[0])
      .then(() => transport.handleRequest(request, response))
      .catch(() => refuse(response, 500, 'the request failed'))
  })
  server.once('close', () => processes.end())
  return new Promise((done, failed) => {
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      done({ server, port: typeof address === 'object' && address ? address.port : port })
    })
  })
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null }))
}
