// assay lsp: the language server over standard input and output. It ends with its editor.
import type { LspFlags } from './commands/lsp.ts'
import { processConnection } from './lsp/early.ts'
import { serve } from './lsp/server.ts'

export async function lsp(flags: LspFlags): Promise<number> {
  const { stdin } = process
  // An editor that dies closes the streams.
  if (stdin.readableEnded || stdin.destroyed) return 0
  let stop = (): void => {}
  await new Promise<void>((done) => {
    stdin.once('end', done).once('close', done)
    stop = serve(processConnection(), flags, done)
  })
  stop()
  return 0
}
