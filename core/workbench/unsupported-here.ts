// What stops a query here and not at the vendor's.
import { notRunHere, unknownSaved } from '../diag/catalogue/cql-lower.ts'
import { sumoHole } from '../diag/catalogue/sumo.ts'
import { sumoLookupMissing, sumoNotRun } from '../diag/catalogue/sumo-lower.ts'
import type { Diagnostic } from '../diag/diagnostic.ts'

const OURS: ReadonlySet<string> = new Set(
  [notRunHere, unknownSaved, sumoHole, sumoLookupMissing, sumoNotRun].map((c) => c.id),
)

/** Only this machine lacks what the text needs: the vendor takes it. */
export const isOurs = (d: Diagnostic): boolean => OURS.has(d.code)
