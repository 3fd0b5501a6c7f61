import { runTimeFunction } from '../4-lower/functions/time.ts'

export const end = runTimeFunction(
  'end',
  'Where the interval of the query ends, in epoch milliseconds.',
  1_700_000_000_000,
)
