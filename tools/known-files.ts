// The files of this repository that git knows. Types, lint and tests ignore scratch files.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Paths in the work tree of the files that match one of the patterns (`*.ts`). */
export const knownFiles = (...patterns: readonly string[]): string[] =>
  execFileSync('git', ['ls-files', '-z', '--', ...patterns], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\0')
    .filter((f) => f !== '' && existsSync(f))
