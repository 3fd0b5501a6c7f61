// Paths of `json "…"`: a.b.c, a[0].b, a[*].b, ['odd.key'], a leading $.

/** Keys, positions and null for every element; undefined for filters, slices and `..`. */
export function jsonPath(written: string): readonly (string | number | null)[] | undefined {
  const text = written.trim().replace(/^[$@]\.?/, '')
  const out: (string | number | null)[] = []
  const step = /\.?(?:\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+)|(\*))\s*\]|([^.[\]]+))/y
  while (step.lastIndex < text.length) {
    const at = step.lastIndex
    if (text.startsWith('..', at)) return undefined
    const m = step.exec(text)
    if (!m) return undefined
    const [, single, double, index, star, plain] = m
    if (star !== undefined || plain === '*') out.push(null)
    else if (index !== undefined) out.push(Number(index))
    else out.push((single ?? double ?? plain ?? '').replace(/\\(.)/g, '$1'))
  }
  return out
}
