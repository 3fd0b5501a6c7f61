// Pass 1. It comes before simplification, because needed columns break ties, and simplification makes fewer columns needed. With the keys
// in the plan, no later pass can change the choice between two tied rows.
export { totalOrder } from '../plan/total-order.ts'
