// Places of other files in which texts of a language are written.

export interface EmbeddedIn {
  /** Words after the fence of a block in Markdown. */
  readonly fences: readonly string[]
  /** Names of keys in YAML, JSON and TOML whose value is a query. `search.filter` is a key inside another one. */
  readonly keys: readonly EmbeddedKey[]
  /** Types of Terraform resources whose attributes hold queries. */
  readonly resources: RegExp
}

export interface EmbeddedKey {
  readonly key: string
  /** The file must match too, because others use the same key. */
  readonly file?: RegExp
  /** The value of a key beside it must match, if the key is there. */
  readonly beside?: { readonly key: string; readonly value: RegExp }
}
