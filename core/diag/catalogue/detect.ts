// DET: the folder of a detection. 0xx: the file itself; 1xx: what it says; 2xx: its tests; 3xx: detections among each other.
import { code } from '../diagnostic.ts'

export const notYaml = code<{ problem: string }>({
  id: 'DET001',
  slug: 'not-yaml',
  severity: 'error',
  title: 'The file is not valid YAML',
  message: (p) => `invalid YAML: ${p.problem}`,
  why: 'Assay uses nothing from a file that is not valid YAML.',
  remedy: () =>
    'correct the file here; put a text in quotes if it contains `: ` or ` #`, or starts with a special character',
})

export const unknownKey = code<{ key: string; known: readonly string[]; near: string | undefined }>({
  id: 'DET002',
  slug: 'unknown-key',
  severity: 'error',
  title: 'The schema has no such key',
  message: (p) => `no such key: \`${p.key}\``,
  why: 'Assay ignores a key that the schema lacks. Most such keys are misspelt.',
  remedy: (p) => (p.near ? `did you mean \`${p.near}\`?` : `use one of ${p.known.join(', ')}`),
})

export const wrongValue = code<{ path: string; problem: string }>({
  id: 'DET003',
  slug: 'wrong-value',
  severity: 'error',
  title: 'A value is missing or of the wrong kind',
  message: (p) => `${p.path === '' ? 'detection.yml' : `\`${p.path}\``}: ${p.problem}`,
  why: 'The tests, the published site and the exports rely on docs/reference/detection.schema.json.',
  remedy: () =>
    'write the value that docs/reference/detection.schema.json asks for; `assay new TECHNIQUE` writes a complete file',
})

export const noDetectionFile = code<{ found: readonly string[] }>({
  id: 'DET004',
  slug: 'no-detection-file',
  severity: 'error',
  title: 'The folder has no detection.yml',
  message: () => 'this folder has no detection.yml',
  why: 'detection.yml names the other files of the folder.',
  remedy: () => 'run `assay new TECHNIQUE` to make a folder with all its files',
})

export const escapes = code<{ name: string }>({
  id: 'DET101',
  slug: 'name-escapes-folder',
  severity: 'error',
  title: 'A file is outside the folder of the detection',
  message: (p) => `\`${p.name}\` is outside the folder of the detection`,
  why: 'A detection is one folder. It must mean the same after a copy, and Assay reads no file outside it.',
  remedy: () => 'copy the file into the folder, and write its path relative to the folder, with `/`',
})

export const noSuchFile = code<{ name: string; near: string | undefined }>({
  id: 'DET102',
  slug: 'no-such-file',
  severity: 'error',
  title: 'A file that the detection names is missing',
  message: (p) => `file \`${p.name}\` not found in the folder of the detection`,
  why: 'Assay shows, runs or publishes each file that the detection names.',
  remedy: (p) => (p.near ? `did you mean \`${p.near}\`?` : 'add the file, or remove its name'),
})

export const unknownTechnique = code<{ id: string; version: string; addedLater: boolean }>({
  id: 'DET103',
  slug: 'unknown-technique',
  severity: 'error',
  title: 'ATT&CK has no such technique',
  message: (p) =>
    p.addedLater ? `${p.id} is newer than ATT&CK ${p.version}` : `ATT&CK ${p.version} has no technique ${p.id}`,
  why: 'Coverage is counted by technique id. An id that does not exist covers nothing.',
  remedy: (p) =>
    p.addedLater ? 'set `attack.version` to a version that has it' : 'look up the id on attack.mitre.org',
})

export const unknownTactic = code<{ name: string; meant: string }>({
  id: 'DET106',
  slug: 'unknown-tactic',
  severity: 'error',
  title: 'ATT&CK has no such tactic',
  message: (p) => `ATT&CK has no tactic ${p.name}`,
  why: 'A tag of a tactic that does not exist is in no list of that tactic.',
  remedy: (p) => `write ${p.meant}`,
})

export const revokedTechnique = code<{ id: string; by: string; byName: string }>({
  id: 'DET104',
  slug: 'revoked-technique',
  severity: 'error',
  title: 'The technique was revoked',
  message: (p) => `${p.id} was revoked; its successor is ${p.by} (${p.byName})`,
  why: 'A revoked id is missing from the matrix, from Navigator layers and from every count of coverage.',
  remedy: (p) => `write ${p.by}`,
})

export const attackVersion = code<{ version: string; known: readonly string[]; current: string }>({
  id: 'DET105',
  slug: 'attack-version',
  severity: 'warning',
  title: 'The mapping uses another version of ATT&CK',
  message: (p) => `the mapping is to ATT&CK ${p.version}; Assay has the index of ${p.current}`,
  why: 'Ids and tactics change between versions of ATT&CK.',
  remedy: (p) => `check the ids against ATT&CK ${p.current}, then write that version (known: ${p.known.join(', ')})`,
})

export const windowTooShort = code<{ lookback: string; more: number; pace: string; needed: string }>({
  id: 'DET111',
  slug: 'window-too-short',
  severity: 'error',
  title: 'The lookback is too short for the threshold',
  message: (p) =>
    `${p.more + 1} events at one per ${p.pace} span ${p.needed}, more than the lookback of ${p.lookback}: no run reads all of them`,
  why: 'A threshold counts only the events of one run. Slower activity never reaches it.',
  remedy: (p) =>
    `raise \`lookback\` to at least ${p.needed} plus the frequency, lower the threshold, or write a shorter \`slowest\``,
})

export const windowBorder = code<{ lookback: string; frequency: string; span: string; needed: string }>({
  id: 'DET112',
  slug: 'window-border',
  severity: 'warning',
  title: 'Activity across the border of two runs can be missed',
  message: (p) =>
    `activity of ${p.span} can cross the border of two runs: the lookback is ${p.lookback}, the frequency ${p.frequency}`,
  why: 'Some run reads all of the activity, whenever it starts, only if the lookback is its span plus the frequency.',
  remedy: (p) => `set \`lookback\` to at least ${p.needed}`,
})

export const unwatchedTime = code<{ lookback: string; frequency: string }>({
  id: 'DET113',
  slug: 'unwatched-time',
  severity: 'error',
  title: 'The schedule leaves time that no run reads',
  message: (p) => `runs every ${p.frequency} with a lookback of ${p.lookback} leave gaps that no run reads`,
  why: 'No run reads an event in a gap.',
  remedy: () => 'set `lookback` to at least the frequency, better plus the delay of ingestion',
})

export const openFalsePositive = code<{ id: string }>({
  id: 'DET121',
  slug: 'false-positive-without-evidence',
  severity: 'error',
  title: 'A false positive has no test and no tuning',
  message: (p) => `the false positive \`${p.id}\` has no test and no tuning`,
  why: 'A benign test shows whether the detection fires on the false positive. A description does not.',
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
  title: 'A name that this detection does not define',
  message: (p) => `no such ${p.kind}: \`${p.name}\``,
  why: 'A reference to a missing name hides that the evidence is missing.',
  remedy: (p) =>
    p.near
      ? `did you mean \`${p.near}\`?`
      : p.known.length > 0
        ? `use one of ${p.known.join(', ')}`
        : `add the ${p.kind}: the detection has none yet`,
})

export const duplicateName = code<{ kind: string; name: string }>({
  id: 'DET123',
  slug: 'duplicate-name',
  severity: 'error',
  title: 'A name occurs twice',
  message: (p) => `the ${p.kind} \`${p.name}\` occurs twice`,
  why: 'A reference to the name would be ambiguous.',
  remedy: () => 'remove one of them, or rename it',
})

export const changelogBehind = code<{ version: string; newest: string }>({
  id: 'DET124',
  slug: 'changelog-behind',
  severity: 'error',
  title: 'The changelog lacks the current version',
  message: (p) => `the version is ${p.version}, but the newest entry of the changelog is ${p.newest}`,
  why: 'Readers learn from the changelog which version they deploy.',
  remedy: (p) => `add an entry for ${p.version} at the top of \`changelog\``,
})

export const promisesNothing = code<{ title: string }>({
  id: 'DET201',
  slug: 'test-promises-nothing',
  severity: 'error',
  title: 'A test has no expectation',
  message: (p) => `the test \`${p.title}\` has no expectation`,
  why: 'A test without an expectation always passes.',
  remedy: () => 'add a `fires`, `quiet`, `result` or `diagnostics` block below each query',
})

export const testsNothing = code<{ title: string; what: 'no query' | 'no telemetry' }>({
  id: 'DET202',
  slug: 'test-incomplete',
  severity: 'error',
  title: 'A test has no query or no telemetry',
  message: (p) => `the test \`${p.title}\` has ${p.what}`,
  why: 'A query over no events finds nothing, so its test proves nothing.',
  remedy: (p) =>
    p.what === 'no query' ? 'add a block such as ```cql file=../logscale.cql' : 'add an `events` or `raw` block',
})

export const noTests = code<{ what: 'tests' | 'attack' | 'benign'; file: string | undefined }>({
  id: 'DET203',
  slug: 'no-tests',
  severity: 'error',
  title: 'A query of a detection has no test',
  message: (p) =>
    p.what === 'tests'
      ? 'the detection has no test in tests/*.case.md'
      : p.what === 'attack'
        ? `no test expects that ${p.file} fires`
        : `no test expects that ${p.file} stays quiet`,
  why: 'Only a case that passes shows that a query fires on an attack, or stays quiet. A case with `skip:` or `todo:` shows nothing.',
  remedy: () => 'add at least one attack case with `fires` and one benign case with `quiet`',
})

export const unknownTelemetry = code<{ named: string | undefined; known: readonly string[] }>({
  id: 'DET204',
  slug: 'unknown-telemetry',
  severity: 'error',
  title: 'The telemetry of a test has an unknown format',
  message: (p) =>
    p.named === undefined ? 'this telemetry has an unknown format' : `no such log format: \`${p.named}\``,
  why: 'Lines of an unknown format give no events. Over no events every query is quiet.',
  remedy: (p) =>
    p.named === undefined
      ? 'compare the lines with real logs of the product, or name the format with `format=` in the first line of the block'
      : `use one of ${p.known.join(', ')}`,
})

export const unknownWord = code<{ word: string; near: string | undefined; known: readonly string[] }>({
  id: 'DET205',
  slug: 'unknown-word-of-a-fence',
  severity: 'error',
  title: 'The first line of a block has an unknown word',
  message: (p) => `unknown word \`${p.word}\` in the first line of the block`,
  why: 'A misspelt word would turn the block into prose, or lose its option. The test would then pass for the wrong reason.',
  remedy: (p) =>
    p.near
      ? `did you mean \`${p.near}\`?`
      : p.known.length > 0
        ? `use one of ${p.known.join(', ')}, or remove the word`
        : 'remove the word',
})

export const duplicateId = code<{ id: string; other: string }>({
  id: 'DET301',
  slug: 'duplicate-id',
  severity: 'error',
  title: 'Two detections have the same id',
  message: (p) => `${p.other} has the id \`${p.id}\` too`,
  why: 'Alerts, links and suppression use the id.',
  remedy: () => 'write a new `id` in one of them',
})

export const unknownRelation = code<{ id: string; near: string | undefined }>({
  id: 'DET302',
  slug: 'unknown-relation',
  severity: 'error',
  title: 'A relation names no detection',
  message: (p) => `the relation names \`${p.id}\`, which is not a detection`,
  why: 'The published site makes a link of each relation. This link would be broken.',
  remedy: (p) =>
    p.near ? `did you mean \`${p.near}\`?` : 'write the id of one of your detections, or remove the relation',
})

export const circularRelation = code<{ kind: string; circle: readonly string[] }>({
  id: 'DET303',
  slug: 'circular-relation',
  severity: 'error',
  title: 'Relations form a circle',
  message: (p) => `\`${p.kind}\` forms a circle: ${p.circle.join(' → ')}`,
  why: 'A detection that replaces or extends another one comes after it. In a circle none comes first.',
  remedy: () => 'remove one relation of the circle',
})

export const windowsDiffer = code<{ timespan: string; lookback: string }>({
  id: 'DET114',
  slug: 'windows-differ',
  severity: 'warning',
  title: 'The timespan of a Sigma correlation differs from the lookback',
  message: (p) => `the correlation counts over ${p.timespan}, the lookback is ${p.lookback}`,
  why: 'The same threshold over two spans means two things, so the platforms find different activity.',
  remedy: (p) => `write \`timespan: ${p.lookback}\` in the rule, or \`lookback: ${p.timespan}\` in detection.yml`,
})

export const wrongValidation = code<{ path: string; problem: string }>({
  id: 'DET131',
  slug: 'validation-test',
  severity: 'error',
  title: 'A validation test does not follow the schema of Atomic Red Team',
  message: (p) => `${p.path === '' ? 'the file' : `\`${p.path}\``}: ${p.problem}`,
  why: 'Runners of atomic tests read only this schema.',
  remedy: () =>
    'write attack_technique, display_name and atomic_tests; each test has name, auto_generated_guid, description, supported_platforms, and an executor with command and cleanup_command',
})

export const undeclaredArgument = code<{ name: string; declared: readonly string[] }>({
  id: 'DET132',
  slug: 'undeclared-argument',
  severity: 'error',
  title: 'A command uses an argument that the test does not declare',
  message: (p) => `the test declares no argument for \`#{${p.name}}\``,
  why: 'A runner does not replace an undeclared argument. The command runs with the text `#{…}` in it.',
  remedy: (p) =>
    p.declared.length > 0
      ? `declare it under \`input_arguments\`, or use one of ${p.declared.join(', ')}`
      : 'declare it under `input_arguments`',
})

export const datesDisagree = code<{ what: string; date: string; other: string }>({
  id: 'DET125',
  slug: 'dates-disagree',
  severity: 'error',
  title: 'Dates of a detection contradict each other',
  message: (p) => `${p.what}: ${p.date} is before ${p.other}`,
  why: 'The pages, the feed and the changelog show these dates.',
  remedy: () => 'correct one of the dates; the changelog has its newest entry first',
})

export const noPace = code<{ more: number }>({
  id: 'DET115',
  slug: 'threshold-without-pace',
  severity: 'warning',
  title: 'A threshold without a slowest pace',
  message: (p) => `the threshold is more than ${p.more} events, but \`trigger.slowest\` is missing`,
  why: 'The pace of the events decides if one run can reach the threshold. Assay cannot check this without a pace.',
  remedy: () => 'add `slowest: 1h` (the detection must still find one event per hour), or another duration',
})

export const otherTechnique = code<{ id: string; known: readonly string[] }>({
  id: 'DET133',
  slug: 'validates-other-technique',
  severity: 'error',
  title: 'The tests are for a technique that the detection does not claim',
  message: (p) => `the tests are for ${p.id}, the detection is for ${p.known.join(', ')}`,
  why: 'A test is evidence only for the technique that it names.',
  remedy: () => 'write a technique of the detection into `attack_technique`, or add the technique to the detection',
})
