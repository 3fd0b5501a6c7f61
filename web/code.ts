// Code blocks. The tokens of the language colour them while the page is built, so a page needs no script.
import { languageOfFile, languageNamed } from '../core/workbench/compile.ts'
import type { ReadHalf } from '../core/workbench/language.ts'
import { escaped, Html, html, type Part } from './html.ts'

type Token = ReturnType<ReadHalf['tokens']>[number]

/** Characters that change the order of the following characters. They could make a query look like another one. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Text of code. Each direction mark is in an element of its own, which ends its effect and shows its code point. */
export const plain = (text: string): Html =>
  new Html(
    escaped(text).replace(
      DIRECTION,
      (c) =>
        `<bdi class="mark" data-code="U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}">${c}</bdi>`,
    ),
  )

const CLASS: Readonly<Record<string, string>> = {
  bad: 'bad',
  comment: 'com',
  hole: 'par',
  macro: 'par',
  number: 'num',
  param: 'par',
  regex: 'rex',
  saved: 'par',
  single: 'str',
  string: 'str',
  unknown: 'bad',
}
const KEYWORD = /^(?:and|or|not|as|by|in|case|if|where|else|true|false|null|asc|desc|matches)$/i
const isTrivia = (kind: string): boolean => kind === 'space' || kind === 'comment'

function classOf(tokens: readonly Token[], i: number): string | undefined {
  const { kind, text } = tokens[i] as Token
  const known = CLASS[kind]
  if (known !== undefined || kind !== 'word') return known
  if (/^\d/.test(text)) return 'num'
  const next = tokens.slice(i + 1, i + 3).find((t) => !isTrivia(t.kind))
  if (KEYWORD.test(text) && next?.text !== '=') return 'key'
  if (next?.text === '(') return 'fun'
  // The first word of a step is its function.
  const before = tokens.slice(Math.max(0, i - 4), i).findLast((t) => !isTrivia(t.kind))
  return before?.text === '|' && !/^(?:[:!<>]?=|[<>]|=~)$/.test(next?.text ?? '') ? 'key' : undefined
}

function tokened(text: string, tokens: readonly Token[]): Html {
  const parts: Part[] = []
  let at = 0
  tokens.forEach((t, i) => {
    if (t.start > at) parts.push(between(text.slice(at, t.start)))
    const name = classOf(tokens, i)
    parts.push(name === undefined ? plain(t.text) : html`<span class="${name}">${plain(t.text)}</span>`)
    at = t.start + t.text.length
  })
  parts.push(between(text.slice(at)))
  return html`${parts}`
}

/** The text between tokens: white space and comments. */
const between = (text: string): Part => (/\S/.test(text) ? html`<span class="com">${plain(text)}</span>` : text)

/** YAML line by line, instead of by a YAML lexer: keys, values and comments are enough for a reader. */
function yaml(text: string): Html {
  const lines = text.split('\n').map((line): Part => {
    const comment = /^\s*#/.test(line) || /^---\s*$/.test(line)
    if (comment) return html`<span class="com">${plain(line)}</span>`
    const [, indent = '', key = '', rest = ''] = /^(\s*(?:- )*)([^\s:#'"][^:#'"]*:(?=\s|$))?(.*)$/s.exec(line) ?? []
    return [indent, key && html`<span class="key">${plain(key)}</span>`, value(rest)]
  })
  return html`${lines.flatMap((l, i) => (i === 0 ? [l] : ['\n', l]))}`
}

function value(text: string): Part {
  if (/^\s*-?\d[\d.]*\s*$/.test(text)) return html`<span class="num">${text}</span>`
  return /^\s*['"]/.test(text) ? html`<span class="str">${plain(text)}</span>` : plain(text)
}

/** `language`: id of a language, or the name of a file in it. */
export function coloured(text: string, language: string): Html {
  const known = languageNamed(language) ?? languageOfFile(language)
  if (/^yaml$|\.ya?ml$/i.test(language)) return yaml(text)
  if (!known) return plain(text)
  try {
    return tokened(text, known.read.tokens(text))
  } catch {
    // Lexers accept any text. If one fails, the page must still be built.
    return plain(text)
  }
}

export interface CodeBlock {
  readonly text: string
  /** Id of a language, `yaml`, or anything else for plain text. */
  readonly language: string
  /** A name of the block, for screen readers. */
  readonly label: string
  /** Shown above it. */
  readonly caption?: Part
  /** A file to download, relative to the page. */
  readonly download?: string | undefined
  /** Long texts of less importance, which scroll in a frame. */
  readonly capped?: boolean
}

/** A block with its caption, a copy button (added by the script) and a download. The keyboard can scroll it. */
export const codeBlock = ({
  text,
  language,
  label,
  caption,
  download,
  capped,
}: CodeBlock): Html => html`<figure class="code${capped === true && ' capped'}">
<figcaption><span class="cap">${caption ?? label}</span>${
  download !== undefined && html`<a class="act" href="${download}" download aria-label="Download ${label}">Download</a>`
}<button type="button" class="act copy" hidden aria-label="Copy ${label}">Copy</button></figcaption>
<pre tabindex="0" role="group" aria-label="${label}"><code>${coloured(text.replace(/\n+$/, ''), language)}</code></pre>
</figure>`
