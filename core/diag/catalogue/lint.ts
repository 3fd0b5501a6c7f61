// Codes about the comments and settings that direct lint. The rules have theirs in core/lint/rules.
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
