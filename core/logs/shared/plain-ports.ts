import { NETWORK } from './network.ts'

const PORTS = new Set(['dest_port', 'src_port'].map((n) => NETWORK + n))

/** For formats whose records show ports and other numbers as they are: all fields but what the network view works out. */
export const portsStand = (name: string): boolean => !name.startsWith(NETWORK) || PORTS.has(name)
