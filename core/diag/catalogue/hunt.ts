// RUN12x: the rules of a hunt.
import { code } from '../diagnostic.ts'

const sample = (names: readonly string[]): string =>
  names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '')

export const noRule = code<{ left: number }>({
  id: 'RUN120',
  slug: 'no-rule',
  severity: 'error',
  title: 'A hunt has no rule',
  message: (p) =>
    p.left > 0 ? `none of ${p.left} rules passes --level, --status, --tag, --product and --exclude` : 'no rule to run',
  why: 'A hunt without rules must not look like one that found nothing.',
  remedy: (p) => (p.left > 0 ? 'widen these options' : 'name files or folders with rules, and logs after --logs'),
})

/** `reason`: of all files. Null: each has its own, behind its name. */
export const rulesRefused = code<{
  code: string
  reason: string | null
  rules: readonly string[]
  isMissing: boolean
}>({
  id: 'RUN121',
  slug: 'rules-not-run',
  severity: 'warning',
  title: 'Rules of a hunt have errors and do not run',
  message: (p) =>
    `${p.rules.length === 1 ? '1 file does' : `${p.rules.length} files do`} not run (${p.code}${p.reason === null ? '' : `: ${p.reason}`}): ${sample(p.rules)}`,
  why: 'A rule with an error has no meaning that could run. The other rules are not affected.',
  remedy: (p) =>
    p.isMissing
      ? 'give parameters with --param NAME=VALUE, and name the folder of lookup files and saved queries with --lookups'
      : 'run `assay lint` on the file, or leave it out with --exclude',
})

export const ruleSlow = code<{ rule: string; seconds: number }>({
  id: 'RUN122',
  slug: 'rule-too-slow',
  severity: 'warning',
  title: 'A rule spent its budget and was switched off',
  message: (p) => `\`${p.rule}\` took more than ${p.seconds} s and was switched off; its findings are not complete`,
  why: 'One slow rule must not hold up the others. The usual cause is a regular expression without any fixed text.',
  remedy: () => 'add a condition with fixed text to the rule, or allow more time with --budget',
})

export const ruleStuck = code<{ rule: string; seconds: number }>({
  id: 'RUN123',
  slug: 'rule-without-end',
  severity: 'warning',
  title: 'A rule did not finish one event and was switched off',
  message: (p) =>
    `\`${p.rule}\` worked ${p.seconds} s on one event and was switched off; its findings are not complete`,
  why: 'The usual cause is a regular expression that backtracks for very long on some text.',
  remedy: () => 'simplify nested repetitions such as (a+)+ in the rule',
})

export const ruleFailed = code<{ rule: string; reason: string }>({
  id: 'RUN124',
  slug: 'rule-failed',
  severity: 'warning',
  title: 'A rule did not run to its end',
  message: (p) => `\`${p.rule}\` did not run to its end: ${p.reason}`,
  why: 'The rule groups, joins or counts events, which happens after the logs are read. The other rules are not affected.',
  remedy: () => 'run the rule alone with `assay run` for all details',
})

export const excludesNothing = code<{ names: readonly string[]; file: string }>({
  id: 'RUN125',
  slug: 'excludes-nothing',
  severity: 'warning',
  title: 'A line of an exclusion file names no rule',
  message: (p) => `${p.file} names no rule with ${sample(p.names)}`,
  why: 'A line is the id, the title or the path of a rule, as `assay hunt` prints them.',
  remedy: () => 'correct the line, or remove it',
})

export const excludeUnreadable = code<{ file: string; reason: string }>({
  id: 'RUN126',
  slug: 'exclusions-unreadable',
  severity: 'error',
  title: 'An exclusion file cannot be read',
  message: (p) => `cannot read ${p.file}: ${p.reason}`,
  why: 'Rules that you meant to leave out would run.',
  remedy: () => 'name a text file with the id, title or path of a rule in each line',
})

export const wrongNumber = code<{ option: string; text: string }>({
  id: 'RUN127',
  slug: 'no-whole-number',
  severity: 'error',
  title: 'An option of a hunt is no number',
  message: (p) => `invalid ${p.option} \`${p.text}\`: expected a whole number from 1`,
  why: 'The option limits findings or time.',
  remedy: (p) => `write a number, such as ${p.option} 100`,
})
