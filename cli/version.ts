// The version that the bundle was made of.
declare const ASSAY_VERSION: string | undefined

export const version = typeof ASSAY_VERSION === 'string' ? ASSAY_VERSION : 'development'
