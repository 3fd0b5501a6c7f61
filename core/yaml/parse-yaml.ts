// YAML texts from anybody as documents. Never throws: a text that is deep, large or odd has a problem at its place.
import { Composer, type CST, type Document, isScalar, type Node, Parser, visit, type YAMLMap } from 'yaml'
import { type Span, span } from '../text/source.ts'
import { oddLine } from './odd-line.ts'
import { readPlain } from './plain-yaml.ts'

export interface YamlProblem {
  readonly problem: string
  /** Where it is certain. */
  readonly remedy?: string
  readonly at: Span
}

export interface YamlDocuments {
  readonly docs: readonly Document.Parsed[]
  /** Without any, the documents can be used. */
  readonly problems: readonly YamlProblem[]
}

/** Lines and items of one text. The parser needs a kilobyte for each. */
const MOST_PARTS = 500_000

/** The composer would compare each key with all others; `checkKeys` does not. Its own warnings would go to standard error. */
const OPTIONS = { prettyErrors: false, uniqueKeys: false, logLevel: 'error', version: '1.2' } as const

export function parseYaml(text: string): YamlDocuments {
  if (isLarge(text))
    return { docs: [], problems: [{ problem: `more than ${MOST_PARTS} lines and items`, at: span(0, 0) }] }
  const plain = readPlain(text, OPTIONS)
  return plain ? { docs: [plain], problems: [] } : composeYaml(text)
}

/** Reads any text by the library. For a text that `readPlain` reads, the result is the same. */
export function composeYaml(text: string): YamlDocuments {
  const problems: YamlProblem[] = []
  const tokens = [...new Parser().parse(text)]
  if (tokens.some(isDeep)) return { docs: [], problems: [{ problem: 'nested too deeply', at: span(0, 0) }] }
  const docs = [...new Composer(OPTIONS).compose(tokens)]
  for (const doc of docs) {
    // The parser places what is missing at the end of a text behind that end.
    for (const { message, pos } of [...doc.errors, ...doc.warnings])
      problems.push({
        problem: oneLine(message),
        at: span(Math.min(pos[0], text.length), Math.min(pos[1], text.length)),
      })
    visit(doc, { Map: (_, map) => checkKeys(map, problems) })
  }
  const odd = problems.some((p) => ABOUT_LINES.test(p.problem)) ? oddLine(text) : undefined
  return { docs, problems: odd ? [odd] : problems }
}

/** Messages of the parser about columns and items. */
const ABOUT_LINES = /same column|block sequence|[iI]mplicit|[Nn]ested mappings|single line/

/** The composer and all that follow it call themselves for each level. Near the end of its stack V8 may end the process. */
const MOST_LEVELS = 200

function isDeep(token: CST.Token): boolean {
  let level: (CST.Token | null | undefined)[] = [token.type === 'document' ? token.value : token]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return true
    level = level.flatMap((t) => (t && 'items' in t ? t.items.flatMap((i) => [i.key, i.value]) : []))
  }
  return false
}

function isLarge(text: string): boolean {
  let parts = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if ((c === 10 || c === 44) && ++parts > MOST_PARTS) return true
  }
  return false
}

/** Keys are texts, each once: `1` and `"1"` would be one key of the value. */
function checkKeys(map: YAMLMap, problems: YamlProblem[]): void {
  const seen = new Set<string>()
  for (const { key } of map.items) {
    const at = spanOfNode(key as Node | null)
    if (!isScalar(key)) problems.push({ problem: 'a key is a list, a mapping or an alias', at })
    else if (seen.has(String(key.value))) problems.push({ problem: 'Map keys must be unique', at })
    else seen.add(String(key.value))
  }
}

export const oneLine = (text: string): string => text.split('\n')[0]?.trim() ?? ''

export function spanOfNode(node: Node | null | undefined): Span {
  const range = node?.range
  return range ? span(range[0], Math.max(range[0], range[1])) : span(0, 0)
}
