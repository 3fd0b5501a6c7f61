// The beginnings of texts that another language has and that are valid here: bare words are a search for words, and every name is a field.

export interface Likeness {
  readonly language: string
  /** Over the text without comments, its quoted parts made blank. */
  readonly pattern: RegExp
  /** The word or field that the vendor's reader sees in such a text. */
  readonly example: string
  /** The example is read as a field of the events, not as a word. */
  readonly isField?: true
  /** Ids of languages that have such texts themselves, or refuse them with a better message. */
  readonly notIn?: readonly string[]
}

const like = (language: string, example: string, pattern: RegExp, notIn: readonly string[] = []): Likeness => ({
  language,
  pattern,
  example,
  notIn,
})
const field = (language: string, example: string, pattern: RegExp, notIn: readonly string[] = []): Likeness => ({
  ...like(language, example, pattern, notIn),
  isField: true,
})
const CQL = ['cql']
const SUMO = ['sumo']

/** Tables of Sentinel and Defender, which no other language begins with. */
const KQL_TABLE =
  '(?:Device|Email|Identity|Cloud|Aad|AAD|AWS|Azure|Office|Security|Signin|Common|Windows|Sign[iI]n|Audit)[A-Z]?\\w*(?:Events?|Logs?|Info|Activity|Alert|Incident)|Syslog|StormEvents|Heartbeat'

/** Name, colon, value: a term of Lucene. `:=` is an assignment. */
const TERM =
  '[+-]?(?:not\\s+)?[@_a-z][\\w.-]*\\s?:\\s*(?!=|\\w+\\()(?:"[^"\\n]*"|\\(|[\\w*.?~-]+(?![\\w*.?~:-])|[<>]=?\\d+|\\[[^\\]\\n]+\\])'

const DATABASES: readonly Likeness[] = [
  like('SQL', 'SELECT', /^\(?select\s+(?:[^|]*?\sfrom\s|\*|\d+\s*$|[\w.]+\s*,)/i),
  like('SQL', 'INSERT', /^(?:insert\s+into|update\s+\w+\s+set|delete\s+from|with\s+\w+\s+as\s*\()/i),
  like(
    'SQL',
    'TABLE',
    /^(?:(?:create|drop|alter|truncate)\s+(?:table|view|index|database)|show\s+tables|describe\s+\w+\s*;?\s*$)/i,
  ),
  like('SQL', 'EXPLAIN', /^explain\s+(?:analyze\s+)?select\s/i),
  like('SQL', 'FROM', /^from\s+[\w.]+\s+(?:where|select|group|join)\s/i),
  like('SQL', '--', /^--\s/),
  like('SQL', 'GROUP BY', /^[^|]*\sgroup\s+by\s+[\w.]+(?:\s+having\s[^|]*)?\s*;?\s*$/i),
  like('SQL', 'ORDER BY', /^[^|]*\sorder\s+by\s+[\w.]+(?:\s+(?:asc|desc))?(?:\s+limit\s+\d+)?\s*;?\s*$/i),
  like('SQL', 'LIMIT', /^(?=[^|]*[=<>])[^|]*\slimit\s+\d+\s*;?\s*$/i),
  like('SQL', 'IS NULL', /^(?:[^|]*\b(?:and|or|where)\s+)?[\w.]+\s+is\s+(?:not\s+)?null\s*(?:$|and\b|or\b)/i),
  like('SQL', 'LIKE', /^(?:[^|]*\s)?[\w.]+\s+(?:not\s+)?i?like\s+'/i, CQL),
  like('SQL', 'BETWEEN', /^(?:[^|]*\s)?[\w.]+\s+between\s+['"\d]\S*\s+and\s+['"\d]/i),
  field('SQL', '<>', /^[^|]*\w\s*<>\s*[\w"']/, CQL),
  field('SQL', 'IN (…)', /^[^|]*\w\s+in\s*\(/i, CQL),
  like('a query of Cypher', 'MATCH', /^match\s*\(\w*(?::\w+)?\)/i),
  like('a query of MongoDB', 'find', /^db\.\w+\.\w+\(/),
]

const SIEMS: readonly Likeness[] = [
  field('SPL', 'index', /^(?:search\s+)?\(?\s*index\s*=\s*[\w*"-]+/i),
  field('SPL', 'sourcetype', /^(?:search\s+)?(?:sourcetype|eventtype|tag)\s*=\s*[\w*":-]+/),
  field('SPL', 'source', /^source\s*=\s*["/*]\S+\s+(?:"|[\w.]+\s*=|and\b)/i),
  field('SPL', 'EventCode', /^(?:host|source)\s*=\s*\S+\s+EventCode\s*=/),
  // Names of its common information model: https://help.splunk.com, "CIM: Endpoint" and "Network Traffic".
  field('SPL', 'parent_process_name', /^[^|]*\bparent_process_name\s*=/),
  field('SPL', 'dest_port', /^(?:not\s+)?(?:dest_port|dest_ip)\s*=[^|_]*(?:_(?:port|ip)\b[^|_]*)*$/i),
  // Its values have two backslashes for one, without quotes.
  field('SPL', 'Image', /^(?:Parent)?Image\s*=\s*\*\\\\\w/),
  field('SPL or PPL', 'source', /^(?:search\s+)?source\s*=\s*\w+\s*(?:\||$)/i, CQL),
  field('PPL', 'source', /^search\s+source\s*=/i),
  field('SPL', 'earliest', /^[^|]*\searliest\s*=\s*-?\d/i),
  like('SPL', 'tstats', /^\|?\s*(?:(?:tstats|inputlookup|mstats|makeresults)\s+\w|from\s+datamodel\s*[:=])/i),
  like('a macro of SPL', '`', /^`[\w (),.-]+`/),
  like('a sub-search of SPL', '[search', /^[^|]*\[\s*(?:search|\|\s*inputlookup)\s/i),
  field('XQL', 'dataset', /^(?:config\s+\w+\s*=[^|]*\|\s*)?(?:datamodel\s+)?dataset\s*(?:=\s*\w+|in\s*\()/i),
  field('XQL', 'preset', /^preset\s*=\s*\w+\s*(?:\||$)/i),
  field('a search of LogPoint', 'norm_id', /^(?:norm_id|label|event_id)\s*=\s*\w+\s+(?:label|event_id|norm_id)\s*=/),
  field('a search of Securonix', 'rg_functionality', /^[^|]*\brg_functionality\s*=/),
  field(
    'a search of SentinelOne',
    'ObjectType',
    /^(?:ObjectType\s*=[^|]*\bEventType|EventType\s*=[^|]*\bObjectType)\s*=/,
  ),
  like('a search of SentinelOne', 'ContainsCIS', /^[^|]*\s(?:contains(?:CIS)?|in:anycase|contains:anycase)\s*['"(]/i),
  like('a query of Devo', 'from', /^from\s+\w+(?:\.\w+)*\s+(?:where|select|group)\s/i),
  like('LEQL', 'where(', /^where\s*\(|^[^|]*\)\s*(?:groupby|calculate)\s*\(/i, CQL),
  like('LEQL', 'groupby(', /^groupby\([\w.]+\)\s*$/, CQL),
  field(
    'a filter of Google Cloud',
    'protoPayload',
    /^(?:protoPayload|jsonPayload|resource\.type|logName)[\w.]*\s*[=:]/,
  ),
  like('CloudWatch', 'filter', /^(?:filter|parse)\s+@\w+|^filter\s+[\w.]+\s*(?:!?=|like\s|in\s)/),
  like('CloudWatch', 'fields', /^fields\s+@\w+/, CQL),
  like('CloudWatch', 'stats', /^stats\s+\w+\(/, CQL),
  like('a question of Tanium', 'Get', /^get\s+[\w ]+\sfrom\s+all\s+machines/i),
  like('a relevance of BigFix', 'of', /^(?:names|values|versions|pathnames)\s+of\s+\w/),
  field(
    'a condition of Falco',
    'evt.type',
    /^(?:evt\.\w+\s*(?:=|in\b)|[^|]*\b(?:fd|proc|container)\.\w+\s*(?:=|in\b|startswith\b|contains\b))/,
  ),
]

const ELASTIC: readonly Likeness[] = [
  like(
    'EQL',
    'where',
    /^(?:any|process|network|file|registry|dns|library|authentication|iam|api|driver|event|configuration|"[^"\n]*")\s+where\s/i,
  ),
  like(
    'EQL',
    'sequence',
    /^(?:sequence|sample|join|until)\s+(?:by\s+[\w.]+(?:\s*,\s*[\w.]+)*\s+)?(?:with\s+maxspan\s*=\s*\w+\s+)?\[/i,
  ),
  like('ES|QL', 'FROM', /^from\s+[\w*.:-]+(?:\s*,\s*[\w*.:-]+)*\s*(?:\||$|metadata\s)/i),
  like('ES|QL', 'ROW', /^row\s+\w+\s*=/i),
  like('ES|QL', 'SHOW INFO', /^show\s+info\s*(?:\||$)/i),
  like('KQL of Kibana or Lucene', 'field:value', new RegExp(`^\\(?(?:${TERM})\\)?(?:\\s*$|[^|\\n]*$)`, 'i')),
  field('KQL of Kibana', '>=', /^(?:destination|source|event|process|host|user)\.\w+\s*>=?\s*\d+\s*$/, CQL),
]

const MICROSOFT: readonly Likeness[] = [
  like('KQL', 'DeviceNetworkEvents', new RegExp(`^(?:${KQL_TABLE})\\s*(?:\\||$)`)),
  like('KQL', 'let', /^let\s+\w+\s*=/),
  like('KQL', 'union', /^(?:union\s+(?:\*|\w+\s*,)|find\s+(?:in\s*\(|where\s))/i),
  like('KQL', 'search', /^search\s+(?:"|in\s*\()/i),
  like('KQL', 'print', /^print\s+\w+\s*=|^range\s+\w+\s+from\s|^(?:datatable|externaldata)\s*\(/i),
  like(
    'KQL',
    '==',
    /^\w+\s*\|\s*(?:where|filter)\s+[^|]*[\w.]+\s*(?:=~|\bhas\b|\bcontains\b|\bstartswith\b)\s*["'\w]/i,
    CQL,
  ),
  like('KQL', '_Im', /^_Im_\w+|^im[A-Z]\w+\s*\(/),
  like('PowerShell', 'Get-WinEvent', /^(?:get-\w+\s|\$\w+\s*\|\s*where-object)/i),
]

const GOOGLE: readonly Likeness[] = [
  like('YARA-L', 'rule', /^rule\s+\w+\s*\{/),
  like('YARA', 'rule', /^(?:private\s+|global\s+)?rule\s+\w+\s*(?::[\w\s]+)?\{|^import\s+"/),
  like('YARA-L', 'events:', /^(?:events|meta|condition|match|outcome)\s*:\s*\$?\w/),
  field(
    'YARA-L',
    'metadata',
    /^(?:\$\w+\.\w|(?:metadata\.(?:event_type|log_type|vendor_name|product_name)|principal\.[\w.]+|target\.(?:ip|port|hostname|user|process|file|url)[\w.]*|security_result\.\w+|network\.(?:http|dns|ip_protocol)[\w.]*)\s*!?=|src\.(?:ip|port|hostname)\s*=)/,
  ),
  like('YARA-L', 'nocase', /^[^|]*\/\s+nocase\b/),
  like('YARA-L', 're.regex', /^(?:re|net|strings|arrays)\.\w+\(/, CQL),
]

const OTHERS: readonly Likeness[] = [
  like('YAML', 'title:', /^(?:title|logsource|detection|selection|filter|apiVersion)\s*:(?:\s|$)/),
  like('YAML', '- ', /^-\s+(?:[\w]+\s*:\s|['"])/),
  like('JSON', '{', /^(?:\[\s*)?\{\s*["$\w]+\s*:(?!=)/),
  like(
    'a search of CloudWatch or GraphQL',
    '{',
    /^(?:query\s*)?\{\s*(?:\(?\s*\$\.|\w+\s*[{(])|^[^|]*(?<=^|[\s(])\$\.\w+\s*=/,
    CQL,
  ),
  like('TOML', '[', /^\[\w+\]\s*\n/, CQL),
  like(
    'PromQL or LogQL',
    'sum by',
    /^(?:(?:sum|avg|count|min|max|topk)\s+by\s*\(|(?:sum|avg|rate|increase)\([^|]*\[\d+[smhd]\])/i,
  ),
  like('PromQL or LogQL', '{', /^\w*\{\s*\w+\s*(?:=~?|!=|!~)\s*"/),
  like('STIX', '[', /^\[[\w-]+:[\w.-]+\s*(?:=|!=|LIKE|MATCHES|IN)/),
  like('XML', '<', /^<\w+>|^\*\[\w+\[/),
  like(
    'a rule of Snort or Suricata',
    'alert',
    /^(?:alert|drop|pass|reject)\s+(?:tcp|udp|icmp|ip|http|dns|tls)\s+\S+\s+\S+\s+(?:->|<>)/i,
  ),
  like(
    'a filter of tcpdump',
    'port',
    /^(?:(?:tcp|udp)\s+)?(?:(?:src|dst)\s+)?(?:port\s+\d+|(?:host|net)\s+\d+\.\d+\.\d+\.\d+(?:\/\d+)?)\s*(?:$|(?:and|or|not)\s)/i,
  ),
  like(
    'a filter of Wireshark',
    'tcp.port',
    /^(?:tcp|udp|ip|dns|http|frame)\.[\w.]+\s*(?:==|!=|eq\s|contains\s|matches\s)/,
  ),
  field('a filter of NetWitness', 'ip.dst', /^ip\.(?:src|dst)\s*=[^|]*&&/, CQL),
  like(
    'a shell command',
    'grep',
    /^(?:(?:z?grep|awk|sed|jq|curl)\s+(?:-\w|['"{/]|\w+\s+\/)|(?:cat|tail|head|less)\s+(?:-\w+\s+)?\/|(?:journalctl|tshark|tcpdump|zeek-cut)\s+[\w-]|(?:cat|tail|head)\s+\S+\s*\|\s*(?:grep|awk|sed|cut|sort|jq)\s)/i,
  ),
  like(
    'a program',
    'if',
    /^(?:for\s+\w+\s+in\s|if\s+[\w.]+\s*(?:==|!=)|[\w.]+\s*=\s*\w+\s*;\s*[\w.]+\s*=|(?:def|function|event)\s+\w+\s*\(|(?:const|var)\s+\w+\s*=|package\s+\w+\s*\n|import\s+\w+\s*$|(?:resource|data|module|variable)\s+"[^"]*"\s+["{]|[\w.]+\.(?:filter|find|map)\()/,
  ),
  like('jq', 'select', /^(?:\.(?:\[\]|\w+)\s*(?:\||$)|select\(\.)/),
  like(
    'a condition of Sigma',
    'selection',
    /^(?:(?:1|all)\s+of\s+(?:them|\w+\*?)|selection\w*\s+(?:and|or)\s+(?:not\s+\w+|(?:selection|filter)\w*))\s*$/,
  ),
  like('Sigma', '|contains', /^[\w.]+\|(?:contains|endswith|startswith|re|cidr|all)(?:\|\w+)*\s*:/),
  like('KQL, SPL or SQL', 'where', /^where\s+[\w.]+\s*(?:[=<>!]|\blike\b|\bin\b)/i),
  field('an expression of a program', '==', /^[^|]*\w\s*(?:==|!=\s*null\b)/, CQL),
]

/** The two languages that Assay reads, each in the other. */
const EACH_OTHER: readonly Likeness[] = [
  field(
    'Sumo Logic',
    '_sourceCategory',
    /^(?:\(\s*)?_(?:source(?:Category|Host|Name)?|collector|index|view|dataTier)\s*=/i,
    SUMO,
  ),
  field('CQL', '#', /^[^|]*(?:^|[\s(])#\w[\w.]*\s*!?=/, CQL),
  field(
    'CQL',
    '/…/',
    /^(?:[^|]*\s)?[@\w.]+\s*=\s*\/(?:[^|\n/\\]|\\.)*\/[dgim]{0,4}\s*(?:\||$)|^\/[^|\n/]+\/[dgim]{0,4}\s*(?:\||$)/,
    CQL,
  ),
  field('CQL', '=~', /^[^|]*\w\s*=~/, CQL),
  like(
    'CQL',
    'a call',
    /^(?:!?(?:in|cidr|test|regex|correlate|match|createEvents|readFile|selfJoinFilter|wildcard)|\$[\w/-]+:[\w-]+)\(/,
    CQL,
  ),
  like('CQL', 'a call', /\|\s*(?:sort|groupBy|table|select|head|tail|top)\((?:\[?[@\w.]+\]?|\w+=[^)|]*)?\)/, CQL),
  field('CQL', 'event_simpleName', /^[^|]*\bevent_simpleName\s*=/, CQL),
]

export const LIKENESSES: readonly Likeness[] = [
  ...EACH_OTHER,
  ...DATABASES,
  ...SIEMS,
  ...MICROSOFT,
  ...GOOGLE,
  ...OTHERS,
  ...ELASTIC,
]
