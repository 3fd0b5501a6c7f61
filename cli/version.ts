// The version, which the bundler defines.
declare const ASSAY_VERSION: string | undefined

export const version = typeof ASSAY_VERSION === 'string' ? ASSAY_VERSION : 'development'
