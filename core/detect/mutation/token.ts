// Tokens of a query and parts of its text.

export interface Token {
  readonly kind: string
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface Part {
  readonly start: number
  readonly end: number
}
