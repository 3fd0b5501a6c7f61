// The files of this repository that git knows: scratch files beside them are nobody's concern.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Paths of the files that fit one of the patterns of git (`*.ts`), as they stand in the work tree. */
export const knownFiles = (...patterns: readonly string[]): string[] =>
  execFileSync('git', ['ls-files', '-z', '--', ...patterns], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((f) => f !== '' && existsSync(f))
