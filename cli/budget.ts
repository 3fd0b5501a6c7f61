// --budget of the commands that run cases.
import { notBudget } from '../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, noPlace } from '../core/diag/diagnostic.ts'

const MOST = 86_400

export const badBudget = (text: string): Diagnostic[] =>
  /^[1-9]\d*$/.test(text) && Number(text) <= MOST ? [] : [diagnostic(notBudget, noPlace, { text })]
