// `1,234,567`. A whole number needs no `Intl`, which takes longer to load than a small log to read.

export const thousands = (n: number): string =>
  Number.isSafeInteger(n) ? String(n).replace(/\B(?=(?:\d{3})+$)/g, ',') : n.toLocaleString('en-US')
