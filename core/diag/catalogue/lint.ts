// Codes about the comments and settings that direct lint, and about queries of one run. The rules have theirs in core/lint/rules.
import { code } from '../diagnostic.ts'

export const unusedIgnore = code<{ readonly name: string }>({
  id: 'LNT901',
  slug: 'unused-ignore',
  severity: 'warning',
  title: 'A comment that ignores nothing',
  message: (p) => `no ${p.name} is reported here`,
  why: 'A comment that outlives its reason would hide the next mistake.',
  remedy: () => 'remove the comment',
})

export const ignoreWithoutReason = code<{ readonly name: string }>({
  id: 'LNT902',
  slug: 'ignore-without-reason',
  severity: 'warning',
  title: 'A diagnostic is ignored without a reason',
  message: (p) => `the comment does not say why ${p.name} is ignored`,
  why: 'The next reader must decide whether the reason still holds.',
  remedy: (p) => `write \`assay-ignore ${p.name}: REASON\``,
})

export const unknownRule = code<{ readonly name: string; readonly similar: string | undefined }>({
  id: 'LNT903',
  slug: 'unknown-rule',
  severity: 'error',
  title: 'A setting for a rule that does not exist',
  message: (p) => `no diagnostic has the code or name \`${p.name}\``,
  why: 'docs/reference/diagnostics.md lists all of them.',
  remedy: (p) =>
    p.similar === undefined ? 'correct `lint.rules` of assay.yml' : `write \`${p.similar}\` in assay.yml`,
})

export const baselineBroken = code<{ readonly path: string }>({
  id: 'LNT904',
  slug: 'broken-baseline',
  severity: 'error',
  title: 'The baseline cannot be read',
  message: (p) => `${p.path} is no baseline of assay lint`,
  why: 'A baseline is a JSON object with a list of fingerprints.',
  remedy: () => 'remove the file; the next run with --baseline writes it again',
})

export const sameLogic = code<{ readonly other: string }>({
  id: 'LNT905',
  slug: 'same-logic',
  severity: 'warning',
  title: 'Two queries with the same conditions',
  message: (p) => `the conditions are those of ${p.other}`,
  why: 'Both report the same events, and a change to one of them leaves the other behind.',
  remedy: () => 'keep one of them, or add the condition in which they differ',
})

export const nearDuplicate = code<{
  readonly other: string
  /** Tests that only one of the two has. */
  readonly more: readonly string[]
  /** The query here has them. */
  readonly isHere: boolean
  /** Tests of the longer one. */
  readonly of: number
}>({
  id: 'LNT906',
  slug: 'near-duplicate',
  severity: 'warning',
  title: 'Two queries with nearly the same conditions',
  message: ({ other, more, isHere, of }) =>
    `${of - more.length} of ${of} conditions are those of ${other}; ${isHere ? 'only here' : 'only there'}: ${shortList(more)}`,
  why: 'A copy that has grown apart reports most events twice, and lacks what only the other one got.',
  remedy: () => 'keep one of them with all conditions that are meant',
})

const MOST = 3
const shortList = (all: readonly string[]): string =>
  all.length > MOST ? `${all.slice(0, MOST).join(', ')}, and ${all.length - MOST} more` : all.join(', ')
