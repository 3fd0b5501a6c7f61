// Sigma files in editors.
import type { SigmaSource } from '../../logs/format.ts'
import type { EditorHalf } from '../shared/editor.ts'
import { expected } from './expected.ts'
import { marked } from './marks.ts'

/** `declared`: the log sources of the log formats. */
export const editorOf = (declared: readonly SigmaSource[]): EditorHalf => ({
  marked,
  expected: (text, at) => expected(text, at, declared),
  fits: () => false,
  callText: ({ name }) => name,
  nameText: (name) => name,
})
