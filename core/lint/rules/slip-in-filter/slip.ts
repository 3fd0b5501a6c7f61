import type { Fix } from '../../../diag/diagnostic.ts'
import type { Condition } from '../../../lang/shared/outline.ts'
import type { Span } from '../../../text/source.ts'

/** Something in a filter that is no condition. */
export interface Slip {
  readonly meant: string
  readonly becomes?: string
  readonly safety?: Fix['safety']
  /** A sign that the scope does not have, not a word. */
  readonly isSign?: true
  /** Left out: the whole condition. */
  readonly at?: Span
}

export const bareText = (c: Condition | undefined): string | undefined =>
  c?.kind === 'text' && c.value.kind === 'bare' ? c.value.text : undefined
