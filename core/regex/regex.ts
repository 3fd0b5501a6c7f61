// The entry point of this folder: parse a vendor's pattern once, find the engines that can run it, print it or run it.
export { isAmbiguous } from './ambiguity.ts'
export {
  alwaysSets as definite,
  children,
  groupIndex,
  groupNode,
  names,
  type Node,
  nullable,
  type Parsed,
  type Regex,
  type RegexError,
  walk,
} from './ast.ts'
export { lowerText, orbitOf, upperText } from './fold.ts'
export { requiredFolded as foldedLiterals, requiredTexts as literals } from './literals.ts'
export { parseRegex } from './parse.ts'
export { type Captures, type Flavour, type Missing, missing, type Printed, printRegex } from './print.ts'
export { type Match, matches, type Piece, replacement, type Runner, runner, type Support, support } from './run.ts'
