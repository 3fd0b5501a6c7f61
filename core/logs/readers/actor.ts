// The user, the address and the server that a message names in its words: `Authentication of SSLVPN user [ann@example.com] from 192.0.2.1 was rejected`. Firewalls
// write logins and changes of their administrators and tunnels as sentences, with the values quoted, bracketed or bare.

export interface Actor {
  readonly user: string | undefined
  readonly src_ip: string | undefined
  readonly src_port: string | undefined
  /** The server that was asked or reached: `server = 192.0.2.9`, `Server IP=… Server port=…`, `connected to server 192.0.2.9:636`. */
  readonly dest_ip: string | undefined
  readonly dest_port: string | undefined
}

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|[01]?\d?\d)`
/** A clock (12:30:01) and a hardware address have colons too, but neither two in a row nor seven. */
const IP = String.raw`(${OCTET}(?:\.${OCTET}){3}(?![\d.]*\d)|(?=[\dA-Fa-f:]{0,39}::|(?:[\dA-Fa-f]{1,4}:){7})[\dA-Fa-f:.]*[\dA-Fa-f:])`
const PORT = String.raw`(?:(?:'? port |,? Peer port=|:)(\d{1,5})\b)?`

/** In this order: an address with a name comes before one after a word of a sentence. */
const ADDRESSES = [
  // `user IP = …`, `Peer IP=… Peer port=…`, `IP <…>`, but not `Server IP=…`, nor the address that a tunnel gives (`Private IP: …`).
  String.raw`\b(?<!(?:[Ss]erver|[Ll]ocal|[Pp]rivate|[Vv]irtual|[Aa]ssigned|[Tt]unnel|[Dd]est(?:ination)?) )(?:[Pp]eer |[Uu]ser |[Rr]emote |[Cc]lient )?IP(?: [Aa]ddress)?(?: ?[=:] ?| )?<?${IP}>?${PORT}`,
  // `from 192.0.2.1 port 60002`, `From: 192.0.2.1.`, `from '192.0.2.1'`
  String.raw`\b[Ff]rom:? (?:host |IP |address |client )?['(]?${IP}${PORT}`,
  String.raw`\binitiated by:? ${IP}()`,
  // `ssh-connection '192.0.2.1 40382 198.51.100.2 22'`: client, its port, server, its port.
  String.raw`\bssh-connection '${IP} (\d{1,5}) `,
  // `ssh(192.0.2.1)`: the way in, with the address of the administrator.
  String.raw`(?:^|\W)(?:[Gg][Uu][Ii]|[Ss][Ss][Hh]|[Hh][Tt][Tt][Pp][Ss]?|jsconsole|telnet|[Rr][Ee][Ss][Tt][Aa][Pp][Ii])\(${IP}\)()`,
  // The client of a lease.
  String.raw`\b(?:dhcp lease of ip|DHCP[A-Z]+ (?:on|for)|DHCP RENEW: interface \S+, ip) ${IP}()`,
  // `Begin configuration: 192.0.2.1 reading from http [POST]`
  String.raw`\b(?:Begin|End) configuration: ${IP}()`,
].map((p) => new RegExp(p))

/** `Server port=…` comes after the address, `:636` at it. */
const SERVER_PORT = String.raw`(?:(?:'?,? (?:[Ss]erver )?[Pp]ort ?[:=] ?|:)(\d{1,5})\b)?`
const SERVERS = [
  // `server = …`, `server address '…'`, `Server IP=…`, `server '192.0.2.9:443'`
  String.raw`\b[Ss]erver(?: [Ii][Pp])?(?: [Aa]ddress)?(?: ?[:=])? *['<(]?${IP}${SERVER_PORT}`,
  // `connect to address: 192.0.2.9 port: 3978`
  String.raw`\b[Cc]onnect(?:ed|ing)? to (?:address:? |host |IP )?['(]?${IP}${SERVER_PORT}`,
  // `ssh-connection '192.0.2.1 40382 198.51.100.2 22'`
  String.raw`\bssh-connection '\S+ \d{1,5} ${IP} (\d{1,5})'`,
].map((p) => new RegExp(p))

/** Words that follow `user` without being one. */
const WORDS =
  'access account accounts agent and are as at attributes auth authentication authorization by can certificate client credentials data database did does ' +
  'error failed for from group groups has have home id identification in information interface ip is list locked log logged login logoff logon logout ' +
  'mapping name names not of on or password policy profile records role session sessions settings specific table to traffic was were with'
const NOT_A_USER = `(?!(?:${WORDS.replaceAll(' ', '|')})(?![\\w@\\\\-]|\\.\\w))`

const USERS = [
  // `user 'ann'`, `user 'o'neil'.`, `user [ann]`, `User <ann>`, `Username = "ann"`
  String.raw`\b[Uu]ser(?:[Nn]ame)?(?: id)?(?: ?[=:])? ?(?:'((?:[^']|'(?=\w))+)'|"([^"]+)"|\[([^\]]+)\]|<([^>\s]+)>)`,
  // `User name: example\ann lee, Client OS version: …`
  String.raw`\b[Uu]ser name: ([^\s,][^,]*)(?=,)`,
  // `User=ann`, `Uname: ann`
  String.raw`\b(?:[Uu]ser(?:[Nn]ame)?|[Uu]name) ?[=:] ?([^\s:,'"<[]+)`,
  // `for user ann.`, `SSL VPN user ann@example.com from …`, `User ann logged in`
  String.raw`\b[Uu]ser ${NOT_A_USER}((?:[^\s,'"<[(:=]|(?<=\w)'(?=\w))+?)(?=,|[.:]?$|\. |[.:]? (?:from|logged|log in|logout|logoff|login|via|has been|has (?:logged|been)|failed|was|is|succeeded)\b)`,
].map((p) => new RegExp(p))

export function actorOf(text: string): Actor {
  const at = firstMatch(ADDRESSES, text)
  const to = firstMatch(SERVERS, text)
  return {
    user: firstMatch(USERS, text)?.find((g, i) => i > 0 && g !== undefined),
    src_ip: at?.[1],
    src_port: at?.[2] || undefined,
    dest_ip: to?.[1],
    dest_port: to?.[2] || undefined,
  }
}

function firstMatch(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const m = pattern.exec(text)
    if (m) return m
  }
  return undefined
}

/** Sets what the text tells, where the record itself has none of these names. */
export function setActor(fields: Map<string, string>, text: string, named: ActorNames = {}): void {
  const found = actorOf(text)
  const has = (names: readonly string[] = []): boolean => names.some((n) => fields.has(n))
  if (found.user !== undefined && !fields.has('user') && !has(named.user)) fields.set('user', found.user)
  const set = (side: 'dest' | 'src', names: readonly string[] | undefined): void => {
    const [ip, port] = [found[`${side}_ip`], found[`${side}_port`]]
    if (ip === undefined || fields.has(`${side}_ip`) || has(names)) return
    fields.set(`${side}_ip`, ip)
    if (port !== undefined && !fields.has(`${side}_port`)) fields.set(`${side}_port`, port)
  }
  set('src', named.address)
  set('dest', named.server)
}

/** The record's own names of the user, of the address and of the server. */
export interface ActorNames {
  readonly user?: readonly string[]
  readonly address?: readonly string[]
  readonly server?: readonly string[]
}
