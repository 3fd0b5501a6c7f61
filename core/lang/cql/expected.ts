// The words that fit at a place of a CQL text.
import type { Expected, Want } from '../shared/editor.ts'
import { comparisons, isPunct, isWord, type Token } from './1-lex/token.ts'
import { callAround, walk } from './marks.ts'
import { registry } from './registry.ts'

const FIELDS: readonly Want[] = [{ kind: 'field' }]
const EXPRESSION: readonly Want[] = [{ kind: 'field' }, { kind: 'function' }]
const STEP: readonly Want[] = [
  { kind: 'step' },
  { kind: 'field' },
  {
    kind: 'words',
    words: [
      { text: 'case', doc: 'Branches by conditions: `case { a=1 | x := "one"; * | x := "other" }`.', kind: 'keyword' },
      { text: 'not', kind: 'keyword' },
    ],
  },
]

export function expected(text: string, at: number): Expected | undefined {
  let index = 0
  const { tokens, frames } = walk(text, (all) => {
    index = all.findIndex((t) => t.kind === 'end' || t.end >= at)
    const t = all[index] as Token
    // Behind a bracket or an operator begins the next token.
    if (t.end === at && t.kind === 'punct') index++
    return index
  })
  const t = tokens[index]
  if (!t) return undefined
  const inside = t.kind !== 'end' && t.kind !== 'punct' && t.start < at
  if (!inside && isComment(text, t, at)) return undefined
  if (t.kind === 'regex' && inside) return undefined
  const replace = inside ? { start: t.start, end: t.end } : { start: at, end: at }
  const before = tokens[index - 1]
  const steps = stepStart(tokens, index)
  const found = wants(tokens, index, frames, before)
  const isText = t.kind === 'string' && inside
  const fitting = isText ? found.filter((w) => w.kind === 'values' || w.kind === 'words') : found
  if (fitting.length === 0) return undefined
  return { replace, wants: fitting, before: text.slice(0, steps) }
}

function isComment(text: string, t: Token, at: number): boolean {
  const trivia = text.slice(t.from, Math.min(at, t.start))
  const line = trivia.slice(Math.max(trivia.lastIndexOf('\n'), trivia.lastIndexOf('\r')) + 1)
  return line.includes('//') || trivia.lastIndexOf('/*') > trivia.lastIndexOf('*/')
}

/** The end of the pipeline before the step: at its `|`, outside of every bracket. */
function stepStart(tokens: readonly Token[], index: number): number {
  let depth = 0
  let start = 0
  for (const t of tokens.slice(0, index)) {
    if (t.kind !== 'punct') continue
    if (t.text === ')' || t.text === ']' || t.text === '}') depth = Math.max(0, depth - 1)
    else if (t.text === '(' || t.text === '[' || t.text === '{') depth++
    else if (t.text === '|' && depth === 0) start = t.start
  }
  return start
}

type Frames = ReturnType<typeof walk>['frames']

function wants(tokens: readonly Token[], index: number, frames: Frames, before: Token | undefined): readonly Want[] {
  const call = callAround(frames)
  const top = frames[frames.length - 1]
  if (call?.name) {
    const starts = top === call && (isPunct(before, '(') || isPunct(before, ','))
    if (starts)
      return atArgument(
        call.name.text,
        call.arguments.flatMap((a) => a.name ?? []),
        call.arguments.length === 0,
      )
    if (isPunct(before, '=') || isPunct(before, '[') || isPunct(before, ','))
      return ofParameter(call.name.text, call.parameter)
    return EXPRESSION
  }
  if (before === undefined || isStepBreak(before)) return STEP
  if (before.kind === 'punct' && comparisons.has(before.text)) {
    const field = tokens[index - 2]
    const name = field && (field.kind === 'string' ? field.text.slice(1, -1) : field.text)
    return name === undefined ? [] : [{ kind: 'values', of: name }]
  }
  if (isPunct(before, ':=') || before.mode === 'expression') return EXPRESSION
  if (isPunct(before, '=~')) return [{ kind: 'function' }]
  if (isWord(before, 'and') || isWord(before, 'or') || isWord(before, 'not') || isPunct(before, '(')) return EXPRESSION
  return [{ kind: 'field' }, { kind: 'words', words: ['and', 'or', 'not'].map((text) => ({ text, kind: 'keyword' })) }]
}

const isStepBreak = (t: Token): boolean => isPunct(t, '|') || isPunct(t, '{') || isPunct(t, ';') || isPunct(t, '=>')

/** At the start of an argument: names of parameters, and what fits without a name. */
function atArgument(fn: string, given: readonly string[], first: boolean): readonly Want[] {
  const unnamed = registry.byName.get(fn.toLowerCase())?.params.find((p) => p.unnamed)
  return [
    { kind: 'parameters', of: fn, given },
    ...(first && unnamed && !given.includes(unnamed.name) ? ofParameter(fn, unnamed.name) : []),
  ]
}

function ofParameter(fn: string, name: string | undefined): readonly Want[] {
  const params = registry.byName.get(fn.toLowerCase())?.params ?? []
  const p = name === undefined ? params.find((x) => x.unnamed) : params.find((x) => x.name === name)
  if (!p) return fn.toLowerCase() === 'eval' ? EXPRESSION : FIELDS
  if (p.oneOf)
    return [{ kind: 'words', words: Object.entries(p.oneOf).map(([text, doc]) => ({ text, doc, kind: 'value' })) }]
  switch (p.takes) {
    case 'field':
    case 'fields':
      return FIELDS
    case 'aggregates':
      return [{ kind: 'aggregate' }]
    case 'bool':
      return [{ kind: 'words', words: ['true', 'false'].map((text) => ({ text, kind: 'value' })) }]
    case 'expression':
      return EXPRESSION
    case 'pipeline':
      return STEP
    default:
      return []
  }
}
