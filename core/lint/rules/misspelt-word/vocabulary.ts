// The words in names of fields, sources and values. Those of the catalogues and formats come with them.
import { all as catalogues } from '../../../logs/catalogues/_index.ts'
import type { EventCatalogue } from '../../../logs/catalogue.ts'
import { namesByEvidence } from '../../../logs/cps/names.ts'
import { formats } from '../../../logs/registry.ts'

const WORDS = `days female umbrella systemd webserver gitleaks falco jumpcloud cloudtrail imperva compliant noncompliant centrify checkpoint cisco commits fortinet juniper netskope sophos zscaler okta suricata apache linux unique tomcat access accessed account accountid accum accurate action active activity actor adding additional address addresses addressing admin
administration administrative administrator advanced affected against agent aggregate aggregated aggregating aggregation aggregations alarm
alert alias allow alternate alternative amazon amazonaws amount analysis analytics android anomaly anonymous apigateway applicable
application apply approval architecture archive arguments array arrival artifact artifactory assessed asset assign assigned assignee
associated association assumed asynchronous attach attachment attack attacker attempt attribute audience audio audit authenticate
authenticated authentication authenticator author authority authorization automatic availability available average avoidance azure backend
backup balance balancer bandwidth baseline basic batch because before begin behavior benchmark billed billing bitbucket blank block body
borrow bounce branch breakdown bridge browser bucket buffer build bulk bundle bytes cache cached calculate calculation calendar call caller
campaign cancel cancellation canonical capability capacity caption capture carrier cassandra catalog catch categories categorize category
cause cert certificate chain challenge change changelog channel character charge check child chrome chunks cipher citizen claims class
classification cleanup clear cleared click client clipboard closed cloud cloudaudit cloudflare cloudsql cloudtrail cluster code codec
collaboration collect collected collection collector column combinations command commandline comment commit communication company compare
comparison complete completed completion complex compliance component compose composite compression compromise compromised compute computer
concat conclusion condition conditional confidence config configuration configure confirm confirmed conflict connection connectivity
connector consecutive consent consider considered consistency console constraint consumed consumer consumption container contains content
context continent continuous contract contribution control controller controllers conversation convert cookie coordinate coordinates copy
corelight corporate correction correlation couchbase count country create created creation creator credential credit critical criticality
crowdstrike cumulative currency custom customer customize cycle daemon daily damage dashboard data database dataset datasource dataspace
date datetime deadline debit debug decimal decision decode decoded decrease default defender define defined definition delay deleted
deletion delivered delivery denied dependency deploy deployment depth derived describe description desired desktop destination detach detail
detection determine device diagnostic dictionary difference different digital direction director directory disabled discount discovery
dispatch display disposition dispositions dispute distance distinct division docker document documents domain domainname donor download
draft driver dropping dummy duplicate duration duty dynamic dynamodb earliest easier economy edit edition editor education effective
efficient either elapsed elastic elasticache elasticloadbalancing elasticsearch element elements eligible email embargo embedded emergency
employee employer enabled encoded encounter encryption endpoint enforce enforcement engagement engine enquiry enrichment enroll enrollment
ensure enterprise entity entries environment equipment error errorcode escalation estimate estimated evaluate evaluation event eventname
eventsource eventtype evidence evolution examination examined example exception excess excessive exchange exclude exclusion executed
execution exist exists expense expert expiration expire expired expiry exploit explorer export exposure expression extended extension
external extra extract extracting extraction facility factor failed failure falcon fallback false families family faster fatal feature
feedback fetch field file filename filter filtering final finding fingerprint finished firefox firewall first fiscal fixed fixture flagged
flare fleet floor flows folder following forbidden forecast foreign forensics forest format formatted formula fortigate forward foundation
foundry fraction fragment framework fraud free frequency frequent frontend fuel fulfillment function functionname fund further fusion
gateway general generated generation generator geographical geography geolocation github gitlab global good google grab grade grant granted
granularity graph group guarantee guest guidance handler hardware hash header heading headline health heartbeat held helper here hierarchy
historical holiday home homepage hospital host hostname hour household human hunter hunting identifier identify identities identity ignore
illegal image imei immediate impact impersonation imperva implementation import inactive inbound incident include included incoming
incomplete incorrect incremental independent index indicates indicator indirect individual infected infection inference inferences
information informational infrastructure infrequent ingest inheritance initial initializing initiated initiating initiator inline inner
input inquiry insensitive insert insertion insight insights inspected inspection inspector install installation instance instanceid
instancetype instruction instrument insurance integration integrity intention interaction interactive interest interface intermediate
internal internet interruption interval introduction intrusion invalid inventory investigate investigation invitation invocation invoice
invoke invoked involve involved ipaddress isolation issue issuetype item iteration join journal json junction justification kernel keyboard
keyword knowledge kubernetes label lambda landing language last latency later latest latitude layer layout leader leak lease ledger legacy
length letter level liability library license lifecycle limit linear link liquid list listener listing load loadbalancer loadbalancername
local locale localhost location lockout logfile logged loggroup logic logical login logon logout logstream logtype longitude looking lookup
loss lower lowercase machine magnitude maintain maintenance major malformed malicious malware management manager mandatory manual
manufacturer mapping margin mariadb marker market master match maturity maximum meaning measure measurement mechanism median medium meeting
member membership memory merchant merge merged message messaging metadata metering method metric microsoft migration milestone milliseconds
mimecast minimum minor minute minutes misconfiguration mismatch missing mitigation mitre mixture mobile mode model modification modified
modify module monetary mongodb monitor month mount move moved movement multi multicast multipick multiple mysql namespace narrow native
natural necessary needs negative negotiated neighbor network next nodename nodes nominal normal normalization normalize normalized notation
notice notification number numeric object objective observer occurred occurrence office offline offset online opening operand operating
operation operational operationname operator opportunity optical optimization option optional oracle order organization orientation origin
original outage outbound outcome outgoing outlier output outside overall overflow overhead override overview owner package packet panel
parallel parameter parent parentgroup parentprocess parsed parser parsing partial participant participation particular partition passive
password patch path pattern pause payload payment peak penalty pending people percent percentage percentile perform performance performed
perimeter periodic permanent permission persistent person personal phishing phone physical pipeline pivot placeholder plane platform
playbook plugin point pointer points policies policy pool port portal portion position positive postal postgresql posture potential power
powershell precision predict preference prefix premature premium preparation presence present preset pressure prevent prevented prevention
preview previous price primary principal print printer priority private privilege probe problem procedure process processing processor
product production profile program progress project proof properties property proportion proposal protect protection protocol provider
provision proxy public publication publisher puppet purchase purpose push qualifier quality quantity quarantine quarter queries query
question queue quota radio random range ransomware rating ratio rawlog readable reader reading ready reason reboot rebuild receipt receive
receiver recent recipient recommendation recommendations record recovery recursive redirect redirects reduce reduction redundant reference
referenced referer referrer refresh refund regex region register registration registry regular reject rejected related relation relationship
relative relay release reliability reload remaining remark remediated remediation remote remotehost removed rename renewal reopened repeat
replace replacement replica replication reply report reporter reportid reports repository representation reputation request requester
required requirement research reservation reset residence resolution resolved resource resourceid response responsible restore restricted
restriction result resume retention retries retrieved retry return revenue reverse review revision revoke revoked reward rogue roles
rollback rotation round router routine rule runner running runtime sample sanction sanctioned sandbox sankey satellite saturation saved
scale scaled scanned scanner scenario schedule scheduler schema scheme scope score script search second secondary secret section secure
security segment selected selection selections selector semantic sender sensor separate separator sequence serial server service session
setting setup severe severity share shared shell shift shipment short show shutdown signal signature signed signin similar simple simulation
single sites size skill slice smooth snapshot snippet social society socket software solution sonicwall source sourcecategory sourcename
sourcetype sourceurl sourceuser space spare spatial specific specifications specified specify speed spider spike sponsor spoofing spool
spotlight spread squad stability stack stage staging stamp standard started startup state statement static station statistic statistics
status statuses steps stock stopped storage store stored strategy stream strict strike string structure style subcategory subject submission
submitted subnet subnetwork subordinate subquery subscriber subscription subset substatus substitute substring subsystem subtechniques
success successful successfully suffix suggested suggestion suite summary sumologic supervisor supplier support surface suricata survey
suspended suspension suspicious switch switching symbol synchronization synthetic sysmon system table tablename tabular tactic tamper target
tariff task taxonomy team technical technique telemetry temperature template temporary tenant tension terminal terminate terminating
territory testing text theme thread threat threatlevel threatname threshold through throughput ticket timechart timed timedate timeline
timeout timeshift timeslice timestamp timezone timing title together token tolerance tomcat tools topic topology total trace tracking
trading traffic training transaction transfer transform transition translation transparency transport transpose treatment trigger triggered
tuning tunnel turnover type typical unable unassigned unauthorized unavailable uncompressed undefined unencrypted unique unit universal
unknown unlimited unlock unnecessary untrusted unusual unverified update updated upgrade upload upper uppercase upstream uptime urgent usage
user userid username utility utilization vacation valid validation validity value variable variation vector vehicle velocity vendor verdict
verification version victim video view violation virtual virus visibility visible visitor visitors voltage volume voucher vulnerabilities
vulnerability waiting warehouse warning warranty watch watchlist watchlists webhook website week weekday weight wholesale width wildcard
window windows wired wireless withdrawal workday worker workflow workforce workgroup workload workspace workstation write writer wrong year
yield zone zoom`

/** Words that are a letter away from others, and parts of names that products write in this way. */
const NEIGHBOURS = `alter angel complaint contact contend county curr dairy deliver desert diary discover expire falco inet inventor marital martial
patten quiet quite recover referer route routes sesson severe stat stats state term tracing trail trial united untied`

/** Base forms: a field has `failed` where a vendor writes `fail`. */
function forms(word: string, isWord: (word: string) => boolean): string[] {
  const base = word
    .replace(/ies$/, 'y')
    .replace(/(?:ing|ed|er|(?<!s)s)$/, '')
    .replace(/([b-df-hj-np-tv-z])\1$/, '$1')
  // `messaging` is of `message`, and `publisher` of `publish`.
  // `cluste` is a letter short of `cluster`, and no word.
  const bases = isWord(`${base}e`)
    ? [`${base}e`]
    : isWord(base) || /(?:ing|er)$/.test(word)
      ? [base]
      : [base, `${base}e`]
  return [
    word,
    ...bases,
    word.replace(/(?<!s)s$|(?<=e)(?<!\1([bdgmnpr])e)d$/, ''),
    ...['s', 'es'].map((end) => word + end),
    `${base}ed`,
    `${base}ing`,
  ]
}

/** The parts of `isLocalAdmin`, `user_name`, `HTTPServer` in lower case, with their places. */
export function partsOf(name: string): { readonly word: string; readonly at: number }[] {
  return [...name.matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g)].map((m) => ({ word: m[0].toLowerCase(), at: m.index }))
}

const names = [
  ...(catalogues as readonly EventCatalogue[]).flatMap((c) => [
    ...c.eventNames,
    ...c.fieldNames,
    ...c.events.flatMap((e) => [...e.fields, ...e.sometimes]),
  ]),
  ...formats.flatMap((f) => Object.entries(namesByEvidence(f.cps)).flatMap(([name, others]) => [name, ...others])),
]

/** Names that have the word in full. */
export const vocabulary: ReadonlySet<string> = new Set([
  ...WORDS.split(/\s+/),
  ...names.flatMap((n) => partsOf(n).map((p) => p.word)),
])

/** Names that published parsers give. */
export const PUBLISHED: ReadonlySet<string> = new Set(['ASliceServiceTyp', 'EncyptionUsed'])

/** Every word of the vocabulary in its forms: no misspelt one. */
export const known: ReadonlySet<string> = new Set([
  ...[...vocabulary].flatMap((w) => forms(w, (x) => vocabulary.has(x))),
  ...NEIGHBOURS.split(/\s+/),
])
