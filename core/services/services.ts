// Language services for editors and agents: the door of this room.
export { type CodeAction, actionsAt, diagnosticsOf, fixesOf, formatted } from './diagnostics.ts'
export { type Completion, type CompletionKind, completionsAt, type Signature, signaturesAt } from './complete.ts'
export { type OpenText, openText, type Profile, type Surroundings } from './document.ts'
export { type Hover, hoverAt } from './hover.ts'
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
