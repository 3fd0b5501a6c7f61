// The file name of a lookup table that a query names by a path. Folders and schemes exist only on the vendor's side.

/** `path://"/Library/x/Hosts"` → `Hosts`, `geo://location` → `geo-location`, `https://h/a/b.csv` → `b`, `sumo://threat/cs` → `threat-cs`. */
export function tableFile(path: string): string {
  const [, scheme, rest] = /^(?:([A-Za-z]+):\/\/)?(.*)$/s.exec(path.replace(/"/g, '')) ?? []
  const parts = (rest ?? '').split('/').filter((p) => p !== '' && p !== '.' && p !== '..')
  const name = (parts.at(-1) ?? '').replace(/\.(csv|json)$/i, '')
  if (scheme === 'geo' || scheme === 'asn') return [scheme, ...parts].join('-')
  return scheme === 'sumo' ? parts.join('-') : name
}
