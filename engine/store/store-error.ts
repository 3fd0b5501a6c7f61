// The diagnostic of a store that cannot be written.
import { crashed, engineFailed } from '../../core/diag/catalogue/run.ts'
import { storeFailed } from '../../core/diag/catalogue/table.ts'
import { type Diagnostic, diagnostic, inLog } from '../../core/diag/diagnostic.ts'
import { reasonOf } from '../files/reason.ts'
import { RunError } from '../workers/supervised-worker.ts'

/** Words of Node and of DuckDB where the disk refuses. */
const DISK = /\b(?:EDQUOT|EFBIG|EIO|ENOSPC|EROFS)\b|\bIO Error\b/

/** A disk that refuses shows in a worker or in the engine first. */
export function storeError(path: string, e: unknown): Diagnostic {
  if (!(e instanceof RunError)) return diagnostic(storeFailed, inLog(path), { path, reason: reasonOf(e) })
  const { code, message } = e.diagnostic
  const isDisk = (code === engineFailed.id || code === crashed.id) && DISK.test(message)
  return isDisk ? diagnostic(storeFailed, inLog(path), { path, reason: message }) : e.diagnostic
}
