// Takes uploads over HTTPS, and lines on ports of other services. Usage: node beside-server.mjs ADDRESS CERTIFICATE FOLDER PORT…
import { createServer } from 'node:net'
import { argv } from 'node:process'

const [address, , , ...ports] = argv.slice(2)
for (const port of ports) createServer((socket) => socket.once('data', () => socket.end('goodbye\n'))).listen(Number(port), address)
await import('./https-server.mjs')
