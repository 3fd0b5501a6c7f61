// Takes what is put to it: a file transfer over HTTPS beside the FTP ones, which no detection of FTP may count.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'

const [address, certificate] = process.argv.slice(2)
const pem = readFileSync(certificate)
createServer({ key: pem, cert: pem }, (request, response) => {
  request.resume().on('end', () => response.end('ok'))
}).listen(443, address)
