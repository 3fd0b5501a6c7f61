// Generated events as FortiGate lines.
import type { Event } from '../../format.ts'

const two = (n: number): string => String(n).padStart(2, '0')

/** Fields under their own names; those that a record must have are added where the event has none. */
export function fortigateLine({ fields, time = 0n }: Event): string {
  const at = new Date(Number(time / 1000n))
  const all = new Map([
    ['date', `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`],
    ['time', `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`],
    ['devname', 'fw1'],
    ['devid', 'FGT0000000000000'],
    ['logid', '0000000013'],
    ['eventtime', String(time * 1000n)],
    ['tz', '+0000'],
    ['type', 'traffic'],
    ['subtype', 'forward'],
    ...[...fields].filter(([name]) => /^[\w.-]+$/.test(name) && !name.startsWith('_')),
  ])
  return [...all]
    .map(([name, value]) => `${name}=${/^\d+$|^[\d-]+$|^[\d:]+$/.test(value) ? value : quoted(value)}`)
    .join(' ')
}

const quoted = (value: string): string => `"${value.replaceAll('"', '\\"')}"`
