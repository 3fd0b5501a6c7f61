/** A text as a regular expression that matches it, by the syntax of core/regex. */
export const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
