// argv → workbench and engine → stdout. Results go to stdout, everything else to stderr.
// The version is answered before anything heavy is loaded.
import type { Diagnostic } from '../core/diag/diagnostic.ts'
import { version } from './version.ts'

async function start(argv: readonly string[]): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${version}\n`)
    return
  }
  const isServer = argv[0] === 'lsp' && !argv.some((a) => a === '--help' || a === '-h')
  if (isServer) (await import('./lsp/early.ts')).processConnection()
  const { main } = await import('./program.ts')
  process.exitCode = await main(argv, process)
  // Its library watches the editor's process with a timer that never ends.
  if (isServer) process.exit()
}

// A reader that stops early (`| head`) is no error. A result that could not be written is: 1 would say that something was found.
process.stdout.on('error', (e: NodeJS.ErrnoException) => {
  if (e.code === 'EPIPE') process.exit(0)
  void tell((of) => of.outputFailed(e)).then(() => process.exit(2))
})

start(process.argv.slice(2)).catch(async (e: unknown) => {
  await tell((of) => of.internalError(e))
  process.exitCode = 3
})

async function tell(problem: (of: typeof import('../core/diag/catalogue/cli.ts')) => Diagnostic): Promise<void> {
  const [codes, { say }] = await Promise.all([import('../core/diag/catalogue/cli.ts'), import('./say.ts')])
  say(process, [problem(codes)])
}
