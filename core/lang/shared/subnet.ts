import { parseSubnet } from '../../prims/ip.ts'

/** An address, with or without a prefix length. */
export const isSubnet = (text: string): boolean => parseSubnet(text) !== null
