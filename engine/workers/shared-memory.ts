// The memory that a worker shares with the thread that supervises it.

/** Int32 slot that a worker counts up while it makes progress. */
export const BEATS = 0
/** Int32 slot that tells a scan worker to spool its rows. */
export const SPOOL_FLAG = 1
/** Int32 slot with the filter that a hunt tries, plus one; 0: none. */
export const TRIED = 4
/** Two Int32 slots, one Float64 with the offset of the current record, two Int32 slots. */
export const newShared = (): SharedArrayBuffer => new SharedArrayBuffer(24)
