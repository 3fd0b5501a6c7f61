// Pass 1. It comes before simplification, because ties are broken by what is needed, and simplification makes less needed:
// with the keys in the plan, no later pass can change which of two tied rows is taken.
export { totalOrder } from '../plan/total-order.ts'
