// The text of a block: the body of its fence, or the file that it names.
import type { Diagnostic } from '../../diag/diagnostic.ts'
import type { Block } from './case-file.ts'

export interface Problem {
  /** 1-based line in the page. */
  readonly line: number
  readonly what: string
  readonly detail: readonly string[]
}

/** Reads a file that a page names, relative to the page. Undefined: no such file. A diagnostic: the file may not be read. */
export type ReadFile = (path: string) => Diagnostic | string | undefined

/** Undefined: the text cannot be read, and `problems` has the reason. */
export function blockText(block: Block, readFile: ReadFile, problems: Problem[]): string | undefined {
  const path = block.options.get('file')
  return path === undefined ? block.source.text : fileText(path, block, readFile, problems)
}

/** The same for a file that an option of the block names. */
export function fileText(path: string, block: Block, readFile: ReadFile, problems: Problem[]): string | undefined {
  const text = readFile(path)
  if (typeof text === 'string') return text
  problems.push(
    text
      ? { line: block.line, what: `${text.code}: ${text.message}`, detail: [`fix: ${text.remedy}`] }
      : { line: block.line, what: `file ${path} not found`, detail: ['fix: write the path relative to the page'] },
  )
  return undefined
}
