// Language services for editors and agents: the door of this room.
export type { Completion, CompletionKind, Hover } from './answers.ts'
export { type CodeAction, actionsAt, diagnosticsOf, fixesOf, formatted } from './diagnostics.ts'
export { completionsAt, type Signature, signaturesAt } from './complete.ts'
export { type OpenText, openText, type Profile, type Surroundings } from './document.ts'
export { hoverAt } from './hover.ts'
export {
  type DocumentSymbol,
  foldsOf,
  type Hint,
  hintsOf,
  marksOf,
  type PlacedMark,
  renamed,
  type Renaming,
  renamingAt,
  symbolsOf,
} from './structure.ts'
