// @duckdb/node-api decodes each text with `new TextDecoder()`, which drops a byte order mark at its beginning. A text of an event may begin
// with one. This process does nothing but run DuckDB, so decoding is changed for all of it. The constructor would be changed too late: a
// bundle loads its packages before its own code, and that package makes its decoder when it is loaded.
type Decoder = InstanceType<typeof TextDecoder>

const { decode } = TextDecoder.prototype

TextDecoder.prototype.decode = function (this: Decoder, input, options) {
  const text = decode.call(this, input, options)
  return this.encoding === 'utf-8' && !this.ignoreBOM && beginsWithMark(input) ? `\uFEFF${text}` : text
}

function beginsWithMark(input: Parameters<typeof decode>[0]): boolean {
  if (!ArrayBuffer.isView(input) || input.byteLength < 3) return false
  const [a, b, c] = new Uint8Array(input.buffer, input.byteOffset, 3)
  return a === 0xef && b === 0xbb && c === 0xbf
}
