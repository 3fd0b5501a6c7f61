// Numbers that the vendor sets, where both the operator and the writer need them.

/** https://help.sumologic.com/docs/search/search-query-language/search-operators/limit/: the most rows that `limit` takes. */
export const MOST_ROWS = 10_000
