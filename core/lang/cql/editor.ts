// CQL in editors.
import type { EditorHalf } from '../shared/editor.ts'
import { expected } from './expected.ts'
import { marked } from './marks.ts'

export const editor: EditorHalf = {
  marked,
  expected,
  fits: ({ kind }, want) =>
    want === 'aggregate' ? kind === 'aggregate' : want === 'step' || kind === 'transform' || kind === 'parse',
  callText: ({ name }) => `${name}($0)`,
  nameText: (name) => (/^[#@]?[A-Za-z_][\w.]*(?:\[\d*\])?$/.test(name) ? name : JSON.stringify(name)),
}
