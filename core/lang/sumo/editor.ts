// Sumo searches in editors.
import type { Builtin } from '../shared/builtin.ts'
import type { EditorHalf } from '../shared/editor.ts'
import type { SumoBuiltin } from './3-lower/builtin.ts'
import { expected } from './expected.ts'
import { marked } from './marks.ts'

const lowerOf = (b: Builtin<unknown>): SumoBuiltin['lower'] => b.lower as SumoBuiltin['lower']

export const editor: EditorHalf = {
  marked,
  expected,
  fits(b, want) {
    const { aggregate, fn, operator } = lowerOf(b)
    if (want === 'function') return fn !== undefined
    return aggregate !== undefined || (want === 'step' && operator !== undefined)
  },
  callText: (b) => (lowerOf(b).operator ? `${b.name} $0` : `${b.name}($0)`),
  nameText: (name) => (/^[A-Za-z_][\w.-]*$/.test(name) ? name : `%"${name}"`),
}
