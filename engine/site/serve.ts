// A site over HTTP for the user of this machine. It is served from memory, so no request reaches a file.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { portTaken } from '../../core/diag/catalogue/publish.ts'
import { diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import { failure, ok, type Result } from '../../core/diag/result.ts'
import { reasonOf } from '../files/reason.ts'

export interface Serving {
  readonly url: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/** `files` is called at every request, so that a reload shows a rebuilt site. Port 0: any free port. */
export async function serve(files: () => ReadonlyMap<string, string>, port: string): Promise<Result<Serving>> {
  const wrong = (reason: string) => failure(diagnostic(portTaken, noPlace, { text: port, reason }))
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) return wrong('it is no port')
  const server = createServer((request, response) => answer(request, response, files(), portOf(server)))
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(Number(port), LOOPBACK, resolve)
    })
  } catch (e) {
    return wrong((e as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'something else listens there' : reasonOf(e))
  }
  return ok({
    url: `http://${LOOPBACK}:${portOf(server)}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  })
}

const portOf = (server: Server): number => (server.address() as AddressInfo | null)?.port ?? 0

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, string>,
  port: number,
): void {
  const say = (status: number, text: string, type = 'text/plain; charset=utf-8') => {
    const body = Buffer.from(text)
    response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  const path = pathOf(request.url ?? '/')
  const text = path === undefined ? undefined : files.get(path)
  // A foreign name that resolves to this machine would let its pages read ours (DNS rebinding).
  if (!isOurHost(request.headers.host, port)) say(421, 'This server answers to localhost only.\n')
  else if (request.method !== 'GET' && request.method !== 'HEAD') say(405, 'GET and HEAD only.\n')
  else if (path === undefined || text === undefined) say(404, 'Page not found.\n')
  else say(200, text, TYPES.find(([ending]) => path.endsWith(ending))?.[1])
}

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** Everything else is plain text: a file of a detection is data, whatever its name. */
const TYPES: readonly (readonly [string, string])[] = [
  ['.html', 'text/html; charset=utf-8'],
  ['feed.xml', 'application/atom+xml; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
]

export const isOurHost = (host: string | undefined, port: number): boolean =>
  ['localhost', LOOPBACK].some((name) => host === `${name}:${port}` || (port === 80 && host === name))

function pathOf(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, '')).slice(1)
    return path === '' ? 'index.html' : path
  } catch {
    return undefined
  }
}
