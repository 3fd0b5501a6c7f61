// Ends of a connection as SonicOS writes them.
type Get = (field: string) => string | undefined

/** `src=10.0.0.1:52214:X2:name`, `src=10.0.0.1::X0`, `src=[2001:db8::1]:443:X1`, or only the interface beside `srcV6`. */
const END = /^(?:\[?([\dA-Fa-f.]+|[\dA-Fa-f:]*::[\dA-Fa-f:]*)\]?)?(?::(\d*))?(?::|$)/

/** Messages about ICMP may have numbers in the places of ports. */
const isIcmp = (get: Get): boolean => /icmp/i.test(`${get('proto') ?? ''} ${get('msg') ?? ''}`)

export const endOf =
  (name: 'dst' | 'src', part: 1 | 2) =>
  (get: Get): string | undefined => {
    const m = END.exec(get(name) ?? '')
    const own = m?.[part]
    if (own !== undefined && own !== '') return part === 2 && (own === '0' || isIcmp(get)) ? undefined : own
    return part === 1 ? get(`${name}V6`) : undefined
  }

/** `tcp/https` */
export const protocolOf = (get: Get): string | undefined => get('proto')?.split('/')[0]
