// Conversions that are known to be wrong elsewhere: each rule of Sigma, the mistake, and the words that decide the meaning here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageNamed } from './compile.ts'
import { translate, writtenLanguage } from './translate.ts'

const SOURCES = {
  process: 'category: process_creation\n  product: windows',
  network: 'category: network_connection\n  product: windows',
  file: 'category: file_event\n  product: windows',
  registry: 'category: registry_set\n  product: windows',
} as const

interface Case {
  readonly to: string
  readonly fields?: string
  readonly of?: keyof typeof SOURCES
  /** Lines of `detection`. */
  readonly detection: string
  readonly right: RegExp
  readonly wrong?: RegExp
}

const CASES: Readonly<Record<string, Case>> = {
  'SPL: a literal star matches anything': {
    to: 'spl',
    detection: "s:\n  CommandLine|contains: '/tn \\*'\ncondition: s",
    right: /\| where like\(lower\(CommandLine\), "%\/tn \*%"\)/,
  },
  'SPL: one character becomes any number': {
    to: 'spl',
    detection: "s:\n  CommandLine: 'a?b'\ncondition: s",
    right: /\| regex CommandLine="\(\?is\)\^a\.b\\z"|like\(lower\(CommandLine\), "a_b"\)/,
  },
  'SPL: a pattern beside OR is required': {
    to: 'spl',
    detection: "s:\n  - CommandLine|re: 'z+'\n  - User: x\ncondition: s",
    right: /\| where match\(CommandLine, "z\+"\) OR lower\(User\)="x"/,
    wrong: /\| regex/,
  },
  'SPL: a pattern is not negated': {
    to: 'spl',
    detection: "s:\n  Image: y\nf:\n  User: x\n  CommandLine|re: 'z+'\ncondition: s and not f",
    right: /NOT \(.*AND match\(coalesce\(CommandLine, ""\), "z\+"\)\)/,
    wrong: /\| regex/,
  },
  'SPL: two patterns alone are no query': {
    to: 'spl',
    detection: "s:\n  CommandLine|re: 'z+'\n  User|re: 'a+'\ncondition: s",
    right: /CommandLine=\*[\s\S]*regex CommandLine="z\+"[\s\S]*regex User="a\+"|User=\*[\s\S]*regex/,
  },
  'SPL: a network beside OR is refused': {
    to: 'spl',
    of: 'network',
    detection: 's:\n  - SourceIp|cidr: 10.0.0.0/8\n  - User: x\ncondition: s',
    right: /SourceIp="10\.0\.0\.0\/8" OR User="x"/,
  },
  'KQL: stars and question marks are characters': {
    to: 'kql',
    detection: "s:\n  Image|endswith: '\\agent-v?.exe'\ncondition: s",
    right: /FolderPath matches regex @"\(\?is\)\\\\agent-v\.\\\.exe\$"/,
  },
  'KQL: the order of a text with a star in a list is lost': {
    to: 'kql',
    detection: "s:\n  CommandLine|contains:\n    - '--url*--out'\n    - 'zz'\ncondition: s",
    right: /\(\?is\)--url\.\*--out/,
    wrong: /contains "--url"/,
  },
  'KQL: equal values under all are terms': {
    to: 'kql',
    detection: "s:\n  CommandLine|all:\n    - 'a'\n    - 'b'\ncondition: s",
    right: /ProcessCommandLine =~ "a" and ProcessCommandLine =~ "b"/,
    wrong: /has_all/,
  },
  'KQL: the null of a text is never true': {
    to: 'kql',
    detection: 's:\n  CommandLine: null\ncondition: s',
    right: /isempty\(ProcessCommandLine\)/,
    wrong: /isnull/,
  },
  'KQL: the side that opened a connection is dropped': {
    to: 'kql',
    of: 'network',
    detection: "s:\n  Initiated: 'true'\n  DestinationPort: 21\ncondition: s",
    right: /ActionType in \("ConnectionSuccess"/,
    wrong: /Initiated/,
  },
  'KQL: a path of the registry with its value is compared with the key': {
    to: 'kql',
    of: 'registry',
    detection: "s:\n  TargetObject|endswith: '\\Run\\x'\ncondition: s",
    right: /strcat\(RegistryKey, @"\\", RegistryValueName\)/,
  },
  'KQL: a file and its program change places in ASIM': {
    to: 'kql',
    fields: 'asim',
    of: 'file',
    detection: "s:\n  TargetFilename|endswith: '\\a.txt'\n  Image|endswith: '\\b.exe'\ncondition: s",
    right: /TargetFilePath endswith @"\\a\.txt" and ActingProcessName endswith @"\\b\.exe"/,
  },
  'ES|QL: a star in == is escaped': {
    to: 'esql',
    detection: "s:\n  CommandLine: 'a\\*'\ncondition: s",
    right: /== "a\*"/,
  },
  'ES|QL: case is kept': {
    to: 'esql',
    detection: "s:\n  Image|endswith: '\\PwSh.exe'\ncondition: s",
    right: /ENDS_WITH\(TO_LOWER\(process\.executable\), "\\\\pwsh\.exe"\)/,
  },
  'ES|QL: presence is written as absence': {
    to: 'esql',
    detection: 's:\n  CommandLine|exists: true\ncondition: s',
    right: /process\.command_line IS NOT NULL/,
  },
  'ES|QL: a backslash at the end eats the wildcard': {
    to: 'esql',
    detection: "s:\n  Image|startswith: 'C:\\T\\'\ncondition: s",
    right: /STARTS_WITH\(TO_LOWER\(process\.executable\), "c:\\\\t\\\\"\)/,
  },
  'ES|QL: an anchor is a character of RLIKE': {
    to: 'esql',
    detection: "s:\n  CommandLine|re: '^a\\d+'\ncondition: s",
    right: /RLIKE "(?:"")?a\[0-9\]\+\.\*"/,
    wrong: /\^/,
  },
  'ES|QL: not of an absent field drops the event': {
    to: 'esql',
    detection: "s:\n  Image: y\nf:\n  ParentImage|startswith: 'C:\\T'\ncondition: s and not f",
    right: /NOT COALESCE\(STARTS_WITH\(TO_LOWER\(process\.parent\.executable\)[^\n]*, FALSE\)/i,
  },
  'ES|QL: a direction is the text true': {
    to: 'esql',
    of: 'network',
    detection: "s:\n  Initiated: 'true'\ncondition: s",
    right: /network\.direction\) IN \("egress", "outbound"\)|network\.direction IN \("egress", "outbound"\)/,
    wrong: /"true"/,
  },
  'EQL: backslashes of a pattern are not doubled': {
    to: 'eql',
    detection: "s:\n  CommandLine|re: '\\d+\\.exe$'\ncondition: s",
    right: /\?process\.command_line regex "\.\*\[0-9\]\+\\\\\.exe"/,
  },
}

for (const [title, { to, fields, of = 'process', detection, right, wrong }] of Object.entries(CASES))
  test(title, () => {
    const lines = detection.split('\n').map((l) => `  ${l}`)
    const text = `title: t\nlogsource:\n  ${SOURCES[of]}\ndetection:\n${lines.join('\n')}\n`
    const [from, target] = [languageNamed('sigma'), writtenLanguage(to)]
    assert.ok(from && target)
    const { translations, diagnostics } = translate({ name: 'r.yml', text }, from, target, { context: {}, fields })
    const found = translations[0]?.text ?? diagnostics.map((d) => d.message).join('\n')
    assert.match(found, right)
    if (wrong) assert.doesNotMatch(found, wrong)
  })
