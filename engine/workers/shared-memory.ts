// The memory that a worker shares with the thread that supervises it.

/** Int32 slot that a worker counts up while it makes progress. */
export const BEATS = 0
/** Int32 slot that tells a scan worker to spool its rows. */
export const SPOOL_FLAG = 1
/** Two Int32 slots, then one Float64: the offset of the current record. */
export const newShared = (): SharedArrayBuffer => new SharedArrayBuffer(16)
