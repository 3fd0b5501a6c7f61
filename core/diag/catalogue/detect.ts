// DET: the folder of a detection. 0xx: the file itself; 1xx: what it says; 2xx: its tests; 3xx: detections among each other.
import { code } from '../diagnostic.ts'

export const notYaml = code<{ problem: string }>({
  id: 'DET001',
  slug: 'not-yaml',
  severity: 'error',
  title: 'The file is not readable YAML',
  message: (p) => `not readable as YAML: ${p.problem}`,
  why: 'Nothing is taken from a file that can be read in two ways.',
  remedy: () => 'mend the file at this place; texts that hold `: `, ` #` or start with a special character need quotes',
})

export const unknownKey = code<{ key: string; known: readonly string[]; near: string | undefined }>({
  id: 'DET002',
  slug: 'unknown-key',
  severity: 'error',
  title: 'The schema has no such key',
  message: (p) => `no such key: \`${p.key}\``,
  why: 'A key that nobody reads is a promise that nobody keeps; most are misspelt.',
  remedy: (p) => (p.near ? `\`${p.near}\`?` : `one of ${p.known.join(', ')}`),
})

export const wrongValue = code<{ path: string; problem: string }>({
  id: 'DET003',
  slug: 'wrong-value',
  severity: 'error',
  title: 'A value is missing or of the wrong kind',
  message: (p) => `${p.path === '' ? 'detection.yml' : `\`${p.path}\``}: ${p.problem}`,
  why: 'Runner, catalogue and exports rely on the schema, docs/reference/detection.schema.json.',
  remedy: () => 'write the value that docs/reference/detection.schema.json asks for; `assay new` makes a complete file',
})

export const noDetectionFile = code<{ found: readonly string[] }>({
  id: 'DET004',
  slug: 'no-detection-file',
  severity: 'error',
  title: 'The folder has no detection.yml',
  message: () => 'there is no detection.yml in this folder',
  why: 'detection.yml says what the other files of the folder are.',
  remedy: () => '`assay new TECHNIQUE` makes a folder with all of its parts',
})

export const escapes = code<{ name: string }>({
  id: 'DET101',
  slug: 'name-escapes-folder',
  severity: 'error',
  title: 'A file name leads out of the folder',
  message: (p) => `\`${p.name}\` is not inside the folder`,
  why: 'A detection is one folder: it must mean the same wherever it is copied, and reading it must touch nothing else.',
  remedy: () => 'copy the file into the folder and name it relative to it, with `/`',
})

export const noSuchFile = code<{ name: string; near: string | undefined }>({
  id: 'DET102',
  slug: 'no-such-file',
  severity: 'error',
  title: 'A file that the detection names is missing',
  message: (p) => `there is no file \`${p.name}\` in the folder`,
  why: 'What is named is shown, run or shipped; without the file the promise is empty.',
  remedy: (p) => (p.near ? `\`${p.near}\`?` : 'add the file, or take the name out'),
})

export const unknownTechnique = code<{ id: string; version: string; addedLater: boolean }>({
  id: 'DET103',
  slug: 'unknown-technique',
  severity: 'error',
  title: 'ATT&CK has no such technique',
  message: (p) =>
    p.addedLater ? `${p.id} is newer than ATT&CK ${p.version}` : `ATT&CK ${p.version} has no technique ${p.id}`,
  why: 'Coverage is counted by technique id; an id that does not exist covers nothing.',
  remedy: (p) =>
    p.addedLater ? 'raise `attack.version` to the version that has it' : 'look the id up on attack.mitre.org',
})

export const revokedTechnique = code<{ id: string; by: string; byName: string }>({
  id: 'DET104',
  slug: 'revoked-technique',
  severity: 'error',
  title: 'The technique was revoked',
  message: (p) => `${p.id} was revoked; its successor is ${p.by} (${p.byName})`,
  why: 'A revoked id vanishes from the matrix, from Navigator layers and from every count of coverage.',
  remedy: (p) => `write ${p.by}`,
})

export const attackVersion = code<{ version: string; known: readonly string[]; current: string }>({
  id: 'DET105',
  slug: 'attack-version',
  severity: 'warning',
  title: 'The mapping is to another version of ATT&CK',
  message: (p) => `the mapping is to ATT&CK ${p.version}; the index here is ${p.current}`,
  why: 'Ids and tactics change between versions, so a mapping means something only with its version.',
  remedy: (p) => `check the ids against ${p.current} and write that version (known: ${p.known.join(', ')})`,
})

export const windowTooShort = code<{ lookback: string; more: number; pace: string; needed: string }>({
  id: 'DET111',
  slug: 'window-too-short',
  severity: 'error',
  title: 'The threshold cannot be reached within the window',
  message: (p) =>
    `${p.more + 1} events at one per ${p.pace} span ${p.needed}, more than the lookback of ${p.lookback}: no run can see them together`,
  why: 'A threshold counts only what one run looks at; what comes slower than that never adds up.',
  remedy: (p) =>
    `look back at least ${p.needed} plus the frequency, lower the threshold, or state a faster pace as the slowest to be found`,
})

export const windowBorder = code<{ lookback: string; frequency: string; span: string; needed: string }>({
  id: 'DET112',
  slug: 'window-border',
  severity: 'warning',
  title: 'What lies across the border of two runs can be missed',
  message: (p) =>
    `${p.span} of activity fits into the lookback of ${p.lookback}, but not for every start: runs come every ${p.frequency}`,
  why: 'Only with a lookback of the span plus the frequency some run sees the whole of it, wherever it starts.',
  remedy: (p) => `a lookback of at least ${p.needed}`,
})

export const unwatchedTime = code<{ lookback: string; frequency: string }>({
  id: 'DET113',
  slug: 'unwatched-time',
  severity: 'error',
  title: 'Time passes that no run looks at',
  message: (p) => `runs every ${p.frequency} that look back ${p.lookback} leave time that nobody looks at`,
  why: 'An event in the gap is never part of any run.',
  remedy: () => 'a lookback of at least the frequency, better with the delay of ingestion on top',
})

export const openFalsePositive = code<{ id: string }>({
  id: 'DET121',
  slug: 'false-positive-without-evidence',
  severity: 'error',
  title: 'A false positive is tied to no test and no tuning',
  message: (p) => `nothing shows what happens with the false positive \`${p.id}\``,
  why: 'A false positive that is only described may fire or not; a benign test shows which.',
  remedy: () => 'name a benign case in `tests`, a declared `tuning`, or both',
})

export const unknownReference = code<{
  kind: string
  name: string
  known: readonly string[]
  near: string | undefined
}>({
  id: 'DET122',
  slug: 'unknown-reference',
  severity: 'error',
  title: 'A name refers to nothing in this detection',
  message: (p) => `there is no ${p.kind} \`${p.name}\``,
  why: 'A reference that leads nowhere hides that the evidence is missing.',
  remedy: (p) =>
    p.near ? `\`${p.near}\`?` : p.known.length > 0 ? `one of ${p.known.join(', ')}` : `there is no ${p.kind} at all`,
})

export const duplicateName = code<{ kind: string; name: string }>({
  id: 'DET123',
  slug: 'duplicate-name',
  severity: 'error',
  title: 'The same name twice',
  message: (p) => `the ${p.kind} \`${p.name}\` is there twice`,
  why: 'What refers to the name would mean either.',
  remedy: () => 'give each its own name',
})

export const changelogBehind = code<{ version: string; newest: string }>({
  id: 'DET124',
  slug: 'changelog-behind',
  severity: 'error',
  title: 'The changelog does not tell the current version',
  message: (p) => `version ${p.version}, but the newest entry of the changelog is ${p.newest}`,
  why: 'Readers see from the changelog what they deploy.',
  remedy: (p) => `put an entry for ${p.version} first`,
})

export const promisesNothing = code<{ title: string }>({
  id: 'DET201',
  slug: 'test-promises-nothing',
  severity: 'error',
  title: 'A test promises nothing',
  message: (p) => `the test \`${p.title}\` promises nothing`,
  why: 'A test without a promise passes whatever happens.',
  remedy: () => 'add `fires`, `quiet`, `result` or `diagnostics` below each query',
})

export const testsNothing = code<{ title: string; what: 'no query' | 'no telemetry' }>({
  id: 'DET202',
  slug: 'test-incomplete',
  severity: 'error',
  title: 'A test has no query or no telemetry',
  message: (p) => `the test \`${p.title}\` has ${p.what}`,
  why: 'A query that sees no events is quiet whatever it says.',
  remedy: (p) =>
    p.what === 'no query' ? 'add a fence such as `cql file=../logscale.cql`' : 'add an `events` or `raw` block',
})

export const noTests = code<{ what: 'tests' | 'attack' | 'benign'; file: string | undefined }>({
  id: 'DET203',
  slug: 'no-tests',
  severity: 'error',
  title: 'A query of a detection is not tested',
  message: (p) =>
    p.what === 'tests'
      ? 'there is no test in tests/*.case.md'
      : p.what === 'attack'
        ? `no test promises that ${p.file} fires`
        : `no test promises that ${p.file} stays quiet`,
  why: 'A query that nobody saw fire is a claim, and one that nobody saw quiet is an alarm. Cases that are skipped, or still fail, show nothing.',
  remedy: () => 'one attack case that fires, one benign case that stays quiet, at least',
})

export const unknownTelemetry = code<{ named: string | undefined; known: readonly string[] }>({
  id: 'DET204',
  slug: 'unknown-telemetry',
  severity: 'error',
  title: 'The telemetry of a test is of no known format',
  message: (p) => (p.named === undefined ? 'this telemetry is of no known format' : `no log format \`${p.named}\``),
  why: 'Lines that nobody can read are no events, and without events every query is quiet.',
  remedy: (p) =>
    p.named === undefined
      ? 'compare the lines with what the product writes; `format=` behind the fence names a format'
      : `one of ${p.known.join(', ')}`,
})

export const unknownWord = code<{ word: string; near: string | undefined; known: readonly string[] }>({
  id: 'DET205',
  slug: 'unknown-word-of-a-fence',
  severity: 'error',
  title: 'A word behind a fence means nothing',
  message: (p) => `\`${p.word}\` behind a fence means nothing here`,
  why: 'A misspelt word is passed over: the block counts as prose, or its option as not given, and a test holds for the wrong reason.',
  remedy: (p) =>
    p.near ? `\`${p.near}\`?` : p.known.length > 0 ? `one of ${p.known.join(', ')}, or nothing` : 'take it out',
})

export const duplicateId = code<{ id: string; other: string }>({
  id: 'DET301',
  slug: 'duplicate-id',
  severity: 'error',
  title: 'Two detections have the same id',
  message: (p) => `the id \`${p.id}\` is also that of ${p.other}`,
  why: 'Alerts, links and suppression go by id.',
  remedy: () => 'give one of them its own id',
})

export const unknownRelation = code<{ id: string; near: string | undefined }>({
  id: 'DET302',
  slug: 'unknown-relation',
  severity: 'error',
  title: 'A relation leads to no detection',
  message: (p) => `there is no detection \`${p.id}\` to relate to`,
  why: 'The catalogue links relations; this one would lead nowhere.',
  remedy: (p) => (p.near ? `\`${p.near}\`?` : 'write the id of a detection of this catalogue'),
})

export const circularRelation = code<{ kind: string; circle: readonly string[] }>({
  id: 'DET303',
  slug: 'circular-relation',
  severity: 'error',
  title: 'Relations run in a circle',
  message: (p) => `\`${p.kind}\` runs in a circle: ${p.circle.join(' → ')}`,
  why: 'What replaces or builds on something must come after it; in a circle nothing comes first.',
  remedy: () => 'remove the relation that is wrong',
})

export const windowsDiffer = code<{ timespan: string; lookback: string }>({
  id: 'DET114',
  slug: 'windows-differ',
  severity: 'warning',
  title: 'A Sigma correlation counts over another window than the schedule',
  message: (p) => `the correlation counts over ${p.timespan}, the schedule looks back ${p.lookback}`,
  why: 'The same threshold over two windows is two thresholds, and the platforms find different things.',
  remedy: (p) => `\`timespan: ${p.lookback}\`, or the lookback to match`,
})

export const wrongValidation = code<{ path: string; problem: string }>({
  id: 'DET131',
  slug: 'validation-test',
  severity: 'error',
  title: 'A validation test is not in the schema of Atomic Red Team',
  message: (p) => `${p.path === '' ? 'the file' : `\`${p.path}\``}: ${p.problem}`,
  why: 'Runners of atomic tests read this schema and nothing else.',
  remedy: () =>
    'technique, display_name, and per test name, auto_generated_guid, description, supported_platforms, executor with command and cleanup_command',
})

export const undeclaredArgument = code<{ name: string; declared: readonly string[] }>({
  id: 'DET132',
  slug: 'undeclared-argument',
  severity: 'error',
  title: 'A command uses an argument that the test does not declare',
  message: (p) => `\`#{${p.name}}\` is no argument of this test`,
  why: 'A runner puts nothing in its place, so the command runs with the mark itself.',
  remedy: (p) =>
    p.declared.length > 0
      ? `declare it under input_arguments, or use one of ${p.declared.join(', ')}`
      : 'declare it under input_arguments',
})

export const datesDisagree = code<{ what: string; date: string; other: string }>({
  id: 'DET125',
  slug: 'dates-disagree',
  severity: 'error',
  title: 'Dates of a detection contradict each other',
  message: (p) => `${p.what}: ${p.date} is before ${p.other}`,
  why: 'Readers, the feed and the date on the pages go by these dates.',
  remedy: () => 'put the dates right; the changelog has its newest entry first',
})

export const noPace = code<{ more: number }>({
  id: 'DET115',
  slug: 'threshold-without-pace',
  severity: 'warning',
  title: 'A threshold without a pace',
  message: (p) => `more than ${p.more} events, but \`trigger.slowest\` does not say how far apart they may be`,
  why: 'Whether a window can reach its threshold depends on the pace; without one nobody can tell, Assay neither.',
  remedy: () => '`slowest: 1h`: the slowest pace, one event per this long, that must still be found',
})

export const otherTechnique = code<{ id: string; known: readonly string[] }>({
  id: 'DET133',
  slug: 'validates-other-technique',
  severity: 'error',
  title: 'The tests are for a technique that the detection does not claim',
  message: (p) => `the tests are for ${p.id}, the detection is for ${p.known.join(', ')}`,
  why: 'A test counts as evidence for the technique it names.',
  remedy: () => 'name a technique of the detection',
})
