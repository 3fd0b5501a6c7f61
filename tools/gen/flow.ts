// One connection, before a vendor's firewall logs it.

/** A connection, independent of the log format. Times are milliseconds, in full seconds. */
export interface Flow {
  readonly id: number
  readonly src: string
  readonly sport: number
  readonly dst: string
  readonly dport: number
  readonly proto: 'tcp' | 'udp'
  readonly at: number
  readonly seconds: number
  readonly sent: number
  readonly received: number
  readonly allowed: boolean
  readonly user: string
  /** The firewall's rule logs a running session too: PAN-OS start rows, FortiGate interim records. */
  readonly chatty: boolean
}
