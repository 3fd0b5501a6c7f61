// Bytes of texts. Encoders of the platform, present in browsers, workers and Node.

/** UTF-8; lone surrogates become U+FFFD. */
export const utf8Bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Bytes that are not UTF-8 become U+FFFD. */
export const utf8Text = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Base64 with the standard alphabet, padded. */
export const base64Text = (bytes: Uint8Array): string => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''))

/** Standard or URL alphabet, padding optional, white space ignored; null if it is not base64. */
export function base64Bytes(text: string): Uint8Array | null {
  const clean = text
    .replace(/[\t-\r ]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .replace(/={1,2}$/, '')
  if (clean.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(clean)) return null
  return Uint8Array.from(atob(clean), (c) => c.charCodeAt(0))
}
