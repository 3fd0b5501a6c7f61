// assay lsp: the language server over standard input and output. It ends with its editor.
import type { LspFlags } from './commands/lsp.ts'
import { processConnection } from './lsp/early.ts'
import { serve } from './lsp/server.ts'

export async function lsp(flags: LspFlags): Promise<number> {
  const { stdin } = process
  // An editor that dies closes the streams.
  if (stdin.readableEnded || stdin.destroyed) return 0
  await new Promise<void>((done) => {
    stdin.once('end', done).once('close', done)
    serve(processConnection(), flags, done)
  })
  return 0
}
