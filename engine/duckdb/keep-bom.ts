// @duckdb/node-api decodes each text with `new TextDecoder()`, which drops a byte order mark at its beginning. A text of an event may begin
// with one. This process does nothing but run DuckDB, so the decoder is changed for all of it, before that package is loaded.
globalThis.TextDecoder = class extends TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean }) {
    super(label, { ...options, ignoreBOM: true })
  }
}
