// Telemetry for the measurements: Falcon-like NDJSON of a given size, the same bytes for the same size.
import { closeSync, openSync, writeSync } from 'node:fs'

/** A small generator of numbers, so that the telemetry is the same on every machine. */
export function numbers(seed: number): (below: number) => number {
  let x = seed >>> 0 || 1
  return (below) => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return (x >>> 0) % below
  }
}

const OTHERS = [
  'ProcessRollup2',
  'DnsRequest',
  'FileWritten',
  'EndOfProcess',
  'UserLogon',
  'ModuleLoad',
  'RegSetValue',
  'SyntheticProcessRollup2',
  'NetworkListenIP4',
]
const IMAGES = [
  'chrome.exe',
  'svchost.exe',
  'winscp.exe',
  'powershell.exe',
  'filezilla.exe',
  'System',
  'teams.exe',
  'curl.exe',
]
/** One connection in twenty goes to a port of the query: one event in two hundred. */
const PORTS = [21, 445, 990, 139, 20, 69]
const START = 1_772_366_400_000

/** One event in ten is a connection. File transfers have few hosts, so that they form groups. Values are texts; an event has 1.2 KB. */
export function generate(path: string, bytes: number, seed = 7): { events: number; bytes: number } {
  const fd = openSync(path, 'w')
  const next = numbers(seed)
  const hex = (n: number): string => Array.from({ length: n }, () => next(16).toString(16)).join('')
  // Long texts are drawn from a pool: drawing each digit would take longer than writing the file.
  const pool = Array.from({ length: 512 }, () => hex(64))
  const take = (): string => pool[next(512)] as string
  let written = 0
  let events = 0
  let block: string[] = []
  while (written < bytes) {
    const n = events++
    const isConnection = next(10) === 0
    const isTransfer = isConnection && next(20) === 0
    const who = isTransfer ? next(8) : n
    const aid = (pool[who % 400] as string).slice(0, 32)
    const common = `"aid":"${aid}","aip":"203.0.113.${next(250)}","cid":"${(pool[0] as string).slice(0, 32)}","ConfigBuild":"1007.3.0017706.1","ConfigStateHash":"${next(4e9)}","ContextTimeStamp":"${((START + n) / 1000).toFixed(3)}","ContextThreadId":"${next(1e9)}","ContextProcessId":"${next(4e9)}","EffectiveTransmissionClass":"2","Entitlements":"15","EventOrigin":"1","EventVersion":"4","id":"${take().slice(0, 36)}","name":"EventV4","timestamp":"${START + n}","event_platform":"Win","SourceProcessId":"${next(4e9)}","ComputerName":"HOST-${who % 400}","UserName":"user${who % 90}","SHA256HashData":"${take()}","MD5HashData":"${take().slice(0, 32)}","ImageFileName":"\\\\Device\\\\HarddiskVolume3\\\\Program Files\\\\${IMAGES[who % IMAGES.length]}"`
    const filler = `"CommandLine":"\\"C:\\\\Windows\\\\system32\\\\cmd.exe\\" /c ${take()} ${take()} ${take()}","ParentBaseFileName":"explorer.exe","TreeId":"${next(4e9)}","ProcessSxsFlags":"64","WindowTitle":"${take().slice(0, 30)}","SessionId":"1","Tags":"25, 27, 40, 874, 924, ${next(4e9)}"`
    let line: string
    if (isConnection) {
      const port = isTransfer ? PORTS[next(6)] : 443 + next(60000)
      const ip =
        next(4) === 0
          ? `10.${next(250)}.${next(250)}.${next(250)}`
          : isTransfer
            ? `198.51.0.${next(3)}`
            : `198.51.${next(3)}.${next(40)}`
      line = `{"event_simpleName":"NetworkConnectIP4",${common},"RemoteAddressIP4":"${ip}","RemotePort":"${port}","LocalPort":"${next(65535)}","Protocol":"6","BytesSent":"${next(4e6)}","BytesReceived":"${next(4e6)}",${filler}}\n`
    } else line = `{"event_simpleName":"${OTHERS[next(OTHERS.length)]}",${common},${filler}}\n`
    block.push(line)
    written += Buffer.byteLength(line)
    if (block.length === 2000) {
      writeSync(fd, block.join(''))
      block = []
    }
  }
  writeSync(fd, block.join(''))
  closeSync(fd)
  return { events, bytes: written }
}
