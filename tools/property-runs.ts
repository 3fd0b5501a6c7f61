// The number of runs of a property. Seeds differ, so every run adds cases.
const ALL = process.env['ASSAY_TEST_TIER'] === 'deep'

/** `most` in test:deep, a sixth of it in npm test. */
export const runs = (most: number): number => (ALL ? most : Math.ceil(most / 6))
