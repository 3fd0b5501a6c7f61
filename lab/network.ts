// Two network namespaces joined by one cable: hosts of an office inside, servers with documentation addresses (RFC 5737) outside.
// Neither namespace has another interface, so no packet leaves them.
import { execFileSync } from 'node:child_process'

export const INSIDE = 'assay-lab-in'
export const OUTSIDE = 'assay-lab-out'
/** The interface on which sensors listen: the office's side of the cable. */
export const CABLE = 'lab0'
const FAR_END = 'lab1'

const run = (command: string, ...args: readonly string[]): string => execFileSync(command, args, { encoding: 'utf8' })
export const within = (namespace: string, ...command: readonly string[]): readonly string[] => [
  'ip',
  'netns',
  'exec',
  namespace,
  ...command,
]

/** Makes both namespaces. `hosts` are the addresses inside, `servers` those outside. */
export function up(hosts: readonly string[], servers: readonly string[]): void {
  down()
  for (const namespace of [INSIDE, OUTSIDE]) run('ip', 'netns', 'add', namespace)
  run('ip', 'link', 'add', CABLE, 'netns', INSIDE, 'type', 'veth', 'peer', 'name', FAR_END, 'netns', OUTSIDE)
  const ends = [
    { namespace: INSIDE, device: CABLE, addresses: hosts },
    { namespace: OUTSIDE, device: FAR_END, addresses: servers },
  ]
  for (const { namespace, device, addresses } of ends) {
    const ip = (...args: readonly string[]) => run('ip', '-n', namespace, ...args)
    for (const address of addresses) ip('addr', 'add', `${address}/32`, 'dev', device)
    ip('link', 'set', device, 'up')
    ip('link', 'set', 'lo', 'up')
    ip('route', 'add', 'default', 'dev', device)
    // Offloading gives oversized packets without checksums, which a sensor on a real tap never sees.
    const [command, ...args] = within(
      namespace,
      'ethtool',
      '-K',
      device,
      'tx',
      'off',
      'gso',
      'off',
      'gro',
      'off',
      'tso',
      'off',
    )
    run(command as string, ...args)
  }
}

export function down(): void {
  for (const namespace of [INSIDE, OUTSIDE]) {
    try {
      execFileSync('ip', ['netns', 'del', namespace], { stdio: 'ignore' })
    } catch {
      // The namespace did not exist.
    }
  }
}
