import { runTimeFunction } from '../4-lower/functions/time.ts'

export const start = runTimeFunction('start', 'Where the interval of the query starts, in epoch milliseconds.', 0)
