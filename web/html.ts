// HTML by a tagged template, which escapes every inserted text that is not `Html`. This room makes HTML in no other way.
import { printForeign } from '../core/text/foreign.ts'

/** HTML that is safe to print. Only `escaped`, the Markdown library and constants of this room make it. */
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
 * Text for the places between tags and inside double quotes. Characters that no page can hold (NUL, lone surrogates, control characters)
 * become a replacement character. Characters that change the direction of text are left to `plain` of code.ts.
 */
export const escaped = (text: string): string => printForeign(text, 'html')

/** JSON for a `<script type="application/json">`: without end tags, comments and line separators of JavaScript. */
export const jsonInScript = (value: unknown): Html =>
  new Html(
    JSON.stringify(value)
      .replaceAll('<', '\\u003c')
      .replaceAll('>', '\\u003e')
      .replaceAll('&', '\\u0026')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  )

/** An address that is safe for a link. Undefined for anything that is not plainly http or https. */
export function webAddress(text: string): string | undefined {
  // A browser drops tabs and line ends inside of an address, so it would open another address than the text shows.
  if (/[\s\u0000-\u0020\u007f<>"'\\`]/.test(text)) return undefined
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === '' ? text : undefined
}

/** A link to another site, or only its text if the address is not safe. `isShown`: the text already shows the address. */
export function external(address: string, text: Part = address, isShown = text === address): Html {
  const safe = webAddress(address)
  if (safe === undefined) return html`${text}`
  return html`<a href="${safe}"${isShown && html` class="url"`} rel="noreferrer noopener">${text}</a>`
}

export const joined = (parts: readonly Part[], between: Part): Part[] =>
  parts.flatMap((p, i) => (i === 0 ? [p] : [between, p]))

/** Prose in which backticks mark code and nothing else has a meaning. */
export const prose = (text: string): Html =>
  html`${text.split(/`([^`\n]+)`/).map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`
