// One run of the lab: real clients, servers, sensors and collectors, and truth.json with the expected findings.
//   npx tsx lab/run.ts OUT [--seed N] [--megabytes N]        (root; Linux; lab/install.sh installs missing Debian packages)
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { clientVersions, runTransfer } from './clients.ts'
import { collect } from './collectors.ts'
import { Daemons, sleep } from './daemons.ts'
import { down, up } from './network.ts'
import { exportFlows, flushFlows, startSensors } from './sensors.ts'
import { startServers } from './servers.ts'
import { hostsOf, planTransfers, random } from './transfers.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, megabytes: { type: 'string', default: '11' } },
})
if (positionals.length !== 1 || process.getuid?.() !== 0) {
  console.error('usage (as root): npx tsx lab/run.ts OUT [--seed N] [--megabytes N]')
  process.exit(2)
}
const out = resolve(positionals[0] as string)
const unpacked = resolve('.tmp/lab')
process.env['PATH'] += ':/usr/sbin:/sbin'
if (!existsSync(join(unpacked, 'syslog-ng-core')))
  execFileSync('bash', [join(import.meta.dirname, 'install.sh'), unpacked], { stdio: 'inherit' })

const seed = Number(values.seed)
const transfers = planTransfers(seed, Number(values.megabytes))
const next = random(seed + 1)
const noise = Uint8Array.from({ length: 1 << 20 }, () => Math.floor(next() * 256))
/** Bytes that do not compress, the same for the same seed. */
const file = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => noise[i % noise.length] as number)

const folder = mkdtempSync(join(tmpdir(), 'assay-lab-'))
// Servers run as another user, who needs access to each folder of the path.
execFileSync('chmod', ['755', folder])
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
const sensors = new Daemons(folder)
const servers = new Daemons(folder)
try {
  up(
    hostsOf(seed),
    transfers.map((t) => t.server),
  )
  startSensors(folder, sensors)
  await startServers(transfers, servers, { folder, unpacked, file })
  await sleep(3000)
  const done = []
  for (const transfer of transfers) {
    const start = new Date()
    runTransfer(transfer, join(folder, 'files'), file)
    done.push({
      ...transfer,
      bytes: transfer.size * transfer.times,
      start: start.toISOString(),
      end: new Date().toISOString(),
    })
    console.log(
      `${transfer.way.padEnd(14)} ${transfer.host} → ${transfer.server}:${transfer.port}  ${transfer.size * transfer.times} bytes`,
    )
    await sleep(300)
  }
  await collect(join(folder, 'collectors'), out, unpacked, servers, new Date())
  await sleep(2000)
  await servers.stop()
  flushFlows(folder)
  await sleep(1000)
  await sensors.stop('SIGINT', 15_000)
  await exportFlows(folder, out)
  copyFileSync(join(folder, 'suricata', 'eve.json'), join(out, 'eve.ndjson'))
  for (const t of transfers)
    for (const name of ['vsftpd.log', 'xferlog', 'pureftpd-w3c.log', 'proftpd.log', 'smbd.log']) {
      const log = join(folder, t.server, name)
      if (existsSync(log) && statSync(log).size > 0) copyFileSync(log, join(out, `${t.way}-${name}`))
    }
  const truth = { seed, made: new Date().toISOString(), versions: clientVersions(), transfers: done }
  writeFileSync(join(out, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`)
  console.log(`${readdirSync(out).length} files in ${out}`)
} finally {
  await servers.stop()
  await sensors.stop()
  down()
  if (process.env['ASSAY_LAB_KEEP']) console.log(folder)
  else rmSync(folder, { recursive: true, force: true })
}
