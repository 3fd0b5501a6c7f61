// How much a test of many runs or cases does in each tier. Files that import this run in npm test and, in full, in test:deep.

const TIER = process.env['ASSAY_TEST_TIER']
/** In test:deep. */
export const isDeep = TIER === 'deep'
/** In test:quick. */
export const isQuick = TIER === 'quick'

/** The number of runs of a property: `most` in test:deep, a sixth of it in npm test, half of that in test:quick. Seeds differ, so every run adds cases. */
export const runs = (most: number): number => (isDeep ? most : Math.ceil(most / (isQuick ? 12 : 6)))

/** All cases in test:deep, one in `every` of them in npm test and test:quick. */
export const some = <T>(all: readonly T[], every: number): readonly T[] =>
  isDeep ? all : all.filter((_, i) => i % every === 0)
