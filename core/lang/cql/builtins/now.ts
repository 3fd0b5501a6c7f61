import { runTimeFunction } from '../4-lower/functions/time.ts'

export const now = runTimeFunction('now', 'When the query runs, in epoch milliseconds.', 1_700_000_000_000)
