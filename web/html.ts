// HTML by a tagged template: what is put in is escaped, unless it is HTML already. There is no other way to make HTML in this room.
import { printForeign } from '../core/text/foreign.ts'

/** HTML that is safe to print. Made from text by `escaped` alone, by the Markdown library, or from constants of this room. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Part = Html | number | string | false | null | undefined | readonly Part[]

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((s, i) => s + (i < parts.length ? printed(parts[i]) : '')).join(''))

function printed(part: Part): string {
  if (part instanceof Html) return part.text
  if (part === null || part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return part.map(printed).join('')
}

/**
 * Text as it may stand between tags and inside double quotes. What no page can hold (NUL, lone surrogates, control characters) becomes
 * a replacement character; characters that turn the direction of what follows are kept apart by `controls` of code.ts where they matter.
 */
export const escaped = (text: string): string => printForeign(text, 'html')

/** JSON that may stand in a `<script type="application/json">`: no end tag, no comment, no line separator of JavaScript. */
export const jsonInScript = (value: unknown): Html =>
  new Html(
    JSON.stringify(value)
      .replaceAll('<', '\\u003c')
      .replaceAll('>', '\\u003e')
      .replaceAll('&', '\\u0026')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  )

/** An address that a link may have; undefined for anything that is not plainly http or https. */
export function webAddress(text: string): string | undefined {
  // A browser drops tabs and line ends inside of an address, so what has one is not what it seems.
  if (/[\s\u0000-\u0020\u007f<>"'\\`]/.test(text)) return undefined
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? text : undefined
}

/** A link to another site, or its text alone when the address is none. `isShown`: the reader sees the address already. */
export function external(address: string, text: Part = address, isShown = text === address): Html {
  const safe = webAddress(address)
  if (safe === undefined) return html`${text}`
  return html`<a href="${safe}"${isShown && html` class="url"`} rel="noreferrer noopener">${text}</a>`
}

export const joined = (parts: readonly Part[], between: Part): Part[] =>
  parts.flatMap((p, i) => (i === 0 ? [p] : [between, p]))

/** Prose of one line or more, in which only `code` means anything. */
export const prose = (text: string): Html =>
  html`${text.split(/`([^`\n]+)`/).map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`
