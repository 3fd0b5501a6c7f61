// User, address and server in rows that have no column of the name: in a column of another one, or in the text of a SYSTEM row (`authenticated for user
// 'ann'. … From: 192.0.2.1.`).
import { byName } from '../../../text/by-name.ts'
import { type Actor, actorOf } from '../../readers/actor.ts'

type Get = (column: string) => string | undefined
type Answers = Readonly<Record<string, (get: Get) => string | undefined>>

const ELSEWHERE: Readonly<Record<string, Answers>> = byName({
  SYSTEM: {
    src_user: (get) => told(get).user,
    src_ip: (get) => told(get).src_ip,
    dest_ip: (get) => told(get).dest_ip,
    dest_port: (get) => told(get).dest_port,
  },
  CONFIG: { src_user: (get) => get('admin'), src_ip: (get) => get('host') },
  GLOBALPROTECT: { src_ip: (get) => address(get('public_ip')) ?? address(get('public_ipv6')) },
})

const told = (get: Get): Actor => actorOf(get('description') ?? '')

/** A client has an address of one kind. The column of the other kind has zeros. */
const address = (text: string | undefined): string | undefined =>
  text === undefined || /^[0:.]+$/.test(text) ? undefined : text

/** How rows of the type answer to the name. Undefined: by a column, or not at all. */
export function elsewhere(type: string | undefined, name: string): Answers[string] | undefined {
  const answers = ELSEWHERE[type ?? '']
  return answers && Object.hasOwn(answers, name) ? answers[name] : undefined
}

export const namesElsewhere = (type: string | undefined): string[] => Object.keys(ELSEWHERE[type ?? ''] ?? {})
