// The command as a function: exit status and output without a process.
import { main } from '../../cli/program.ts'

export interface Outcome {
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Runs one command line. stdout and stderr are no terminals. */
export async function assay(...args: readonly string[]): Promise<Outcome> {
  let [out, err] = ['', '']
  const stdout = {
    write: (text: string) => {
      out += text
    },
  }
  const stderr = {
    write: (text: string) => {
      err += text
    },
  }
  const status = await main(args, { stdout, stderr, env: {} })
  return { status, out, err }
}

/** The same in another working directory. */
export async function assayIn(folder: string, ...args: readonly string[]): Promise<Outcome> {
  const before = process.cwd()
  process.chdir(folder)
  try {
    return await assay(...args)
  } finally {
    process.chdir(before)
  }
}
