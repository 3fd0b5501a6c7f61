/**
 * The same text in memory of its own. V8 makes a part of a text a view of the whole, which keeps the whole in memory and is slower to compare:
 * texts that are kept and compared with each record take two thirds of the time as copies.
 */
export const flatCopy = (part: string): string => JSON.parse(JSON.stringify(part)) as string
