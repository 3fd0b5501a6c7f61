// Finds the texts that `assay new` left for the author to write: `TODO:` in the files of a folder.
import { placeholder } from '../../../diag/catalogue/scaffold.ts'
import { type Diagnostic, inText, diagnostic } from '../../../diag/diagnostic.ts'
import { positionAt, type Span, span } from '../../../text/source.ts'
import { parseCaseFile } from '../../case/case-file.ts'
import { languages } from '../../../workbench/compile.ts'
import type { Folder } from '../folder-types.ts'

const endings = ['.md', '.yml', '.yaml', ...languages.flatMap((l) => l.extensions)]
const isWritten = (file: string): boolean => endings.some((e) => file.endsWith(e))
/** Pages in which a line `todo: reason` belongs to the case and is no placeholder. */
const RUNS = /^(?:tests\/.+\.case|hunts\/.+|investigation)\.md$/
const TELEMETRY = new Set(['events', 'lookup', 'raw', 'result'])

/** One diagnostic per file, at its first placeholder: a new folder has dozens. */
export function checkPlaceholders(folder: Folder): Diagnostic[] {
  return [...folder.files].flatMap(([file, text]) => {
    if (!isWritten(file) || !text.includes('TODO:')) return []
    const source = { name: folder.path(file), text }
    const found = placeholders(file, text)
    const [first] = found
    if (!first) return []
    const lines = [...new Set(found.map((at) => positionAt(text, at.start).line))]
    return [diagnostic(placeholder, inText(source, first), { file, lines })]
  })
}

function placeholders(file: string, text: string): Span[] {
  const logs = file.endsWith('.md') ? telemetryIn(file, text) : []
  return [...text.matchAll(/\bTODO:/g)].flatMap(({ index }) => {
    const isLog = logs.some((l) => index >= l.start && index < l.end)
    const isKeyword = RUNS.test(file) && /(?:^|\n)[ \t]*$/.test(text.slice(0, index))
    return isLog || isKeyword ? [] : [span(index, index + 'TODO:'.length)]
  })
}

/** Telemetry is not searched: a log line may hold any word. */
function telemetryIn(name: string, text: string): Span[] {
  const { shared, cases } = parseCaseFile({ name, text })
  return [...shared, ...cases.flatMap((c) => c.blocks)].flatMap((b) => (TELEMETRY.has(b.kind) ? [b.body] : []))
}
