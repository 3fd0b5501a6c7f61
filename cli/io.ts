// The input and output of a command: those of the process, or of a test.

export interface Output {
  readonly isTTY?: boolean
  /** Width of the terminal in characters. */
  readonly columns?: number
  write(text: string): unknown
}

export interface Io {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Characters that a line of a table may have; 0: any number. */
export const tableWidth = ({ stdout }: Io): number => (stdout.isTTY ? (stdout.columns ?? 0) : 0)
