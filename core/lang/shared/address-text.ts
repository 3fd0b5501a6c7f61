// The form in which collectors write an address.
import { parseV6, v6Text } from '../../prims/ip.ts'

/** Text that looks like an IPv6 address is one, in its short form (RFC 5952). Other text is not asked. */
export function isShortAddress(value: string): boolean {
  if (!/^[0-9a-f.]*:[0-9a-f.:]*$/i.test(value)) return true
  const address = parseV6(value)
  return address !== null && v6Text(address) === value
}
