// WebAssembly as the kernels use it.

/** The part of its interface that is used here: the types of Node have none. */
export interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}
export const assemblyHere = (globalThis as { WebAssembly?: Assembly }).WebAssembly

/** A number that a module exports. */
export interface Result {
  readonly value: number
}

export interface Loaded<Exports> {
  readonly exports: Exports
  /** Its memory. */
  readonly bytes: Buffer
  readonly numbers: Int32Array
}

/** `wasm`: in Base64. `pages`: of 64 KB. Throws where WebAssembly has no SIMD. */
export function load<Exports>({ Module, Memory, Instance }: Assembly, wasm: string, pages: number): Loaded<Exports> {
  const memory = new Memory({ initial: pages, maximum: pages })
  const module = new Module(Buffer.from(wasm, 'base64'))
  const exports = new Instance(module, { env: { memory } }).exports as Exports
  return { exports, bytes: Buffer.from(memory.buffer), numbers: new Int32Array(memory.buffer) }
}
