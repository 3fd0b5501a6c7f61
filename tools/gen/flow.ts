// One connection, before a vendor's firewall logs it.

/** One connection as it was, whoever logs it. Times in milliseconds, whole seconds. */
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
  /** Its rule logs the session while it runs: PAN-OS start rows, FortiGate interim records. */
  readonly chatty: boolean
}
