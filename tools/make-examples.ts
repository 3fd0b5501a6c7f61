// Writes the bundled firewall telemetry of examples/t1071.002. gen-telemetry.ts generates the Falcon feeds.
import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { generateFirewall } from './gen/firewall.ts'
import { FIREWALL_FORMATS } from './gen/firewall-lines.ts'

const FOLDER = 'examples/t1071.002'

for (const format of FIREWALL_FORMATS) {
  const texts: string[] = []
  const truth = generateFirewall({ format, seed: 42, mb: 0.05, start: Date.UTC(2026, 0, 15), hours: 24 }, (t) =>
    texts.push(t),
  )
  mkdirSync(`${FOLDER}/${format}`, { recursive: true })
  writeFileSync(`${FOLDER}/${format}/${format}.log.gz`, gzipSync(texts.join(''), { level: 9 }))
  writeFileSync(`${FOLDER}/truth/${format}.json`, `${JSON.stringify(truth, null, 1)}\n`)
}
