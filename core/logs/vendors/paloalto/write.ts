// Generated events as rows of PAN-OS.
import type { Event } from '../../format.ts'
import { LAYOUTS, OTHERS } from './columns.ts'

const two = (n: number): string => String(n).padStart(2, '0')

/** A row of the event's type, TRAFFIC if it has none: each field in its column. Fields without a column are left out. */
export function panosRow({ fields, time = 0n }: Event): string {
  const at = new Date(Number(time / 1000n))
  const stamp =
    `${at.getUTCFullYear()}/${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())} ` +
    `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
  const type = fields.get('type') ?? 'TRAFFIC'
  const columns = LAYOUTS[type] ?? OTHERS
  const cells = new Array<string>(Math.max(...columns.values()) + 1).fill('')
  const own: Record<string, string> = {
    Receive_Time: stamp,
    serialNum: '001801000000',
    type,
    subtype: 'end',
    LogGenerationTime: stamp,
    ...Object.fromEntries(fields),
  }
  cells[0] = '1'
  for (const [name, place] of columns) if (Object.hasOwn(own, name)) cells[place] = cell(own[name] as string)
  return cells.join(',')
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
