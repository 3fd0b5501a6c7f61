/** A date that a filter compares a field with, and the step that reads such texts. A date without a zone is in UTC. */
export function writtenTime(field: string, value: string): { millis: number; read: string | undefined } | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d:\d\d)(\.\d{1,3})?(Z|[+-]\d\d:\d\d)?)?$/.exec(value)
  if (!parts) return undefined
  const [, day = '', between, time = '00:00:00', fraction = '', zone] = parts
  const millis = Date.parse(`${day}T${time}${fraction}${zone ?? 'Z'}`)
  if (Number.isNaN(millis)) return undefined
  return { millis, read: readOf(field, between, fraction, zone) }
}

function readOf(field: string, between?: string, fraction?: string, zone?: string): string | undefined {
  const read = (pattern: string): string => `parseTimestamp(${pattern}field=${field}, as=time)`
  if (!/^[@A-Za-z_][\w.[\]]*$/.test(field)) return undefined
  if (between === undefined) return read('"yyyy-MM-dd", ')
  if (zone !== undefined) return between === 'T' ? read('') : undefined
  return fraction === '' ? read(`"yyyy-MM-dd${between === 'T' ? "'T'" : ' '}HH:mm:ss", `) : undefined
}
