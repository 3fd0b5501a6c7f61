// Check digits.
import { inEngines } from '../forms/engines.ts'
import { passesLuhn } from '../forms/lists.ts'
import { testPrim } from '../prim.ts'

export const luhn = testPrim({
  id: 'str.luhn',
  doc: 'Do the digits of the text pass the check of credit card numbers? Spaces and hyphens between them are passed over.',
  params: [['text', 'str']],
  consts: {},
  nulls: 'propagate',
  js: () => (text: string) => {
    const digits = text.replace(/[ -]/g, '')
    if (!/^\d{2,}$/.test(digits)) return false
    const sum = [...digits].reverse().reduce((n, d, i) => {
      const x = Number(d) * (i % 2 === 1 ? 2 : 1)
      return n + (x > 9 ? x - 9 : x)
    }, 0)
    return sum % 10 === 0
  },
  sql: inEngines(passesLuhn),
  laws: [
    { args: ['6666-7777-6666-8888'], gives: true },
    { args: ['6666-7777-6666-8889'], gives: false },
    { args: ['79927398713'], gives: true },
    { args: ['18'], gives: true },
    { args: ['8'], gives: false },
    { args: ['x'], gives: false },
    { args: [null], gives: false },
  ],
})
