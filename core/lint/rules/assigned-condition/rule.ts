import { inText } from '../../../diag/diagnostic.ts'
import type { Span } from '../../../text/source.ts'
import type { Filter, Outline, Pipeline, Set as Assignment, Step } from '../../../lang/shared/outline.ts'
import { testsOf } from '../../conditions.ts'
import { isKnownField } from '../../known-fields.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly field: string
  readonly meant: '=' | ':='
}

export const assignedCondition = textRule<Params>({
  id: 'LNT421',
  slug: 'assigned-condition',
  severity: 'warning',
  yields: true,
  title: 'An assignment that looks like a condition, or a condition that looks like an assignment',
  message: (p) =>
    p.meant === '='
      ? `\`${p.field}\` gets a value here, in every event`
      : `\`${p.field}\` is compared here, and other events are dropped`,
  why: '`:=` assigns and lets every event through, `=` compares. A query begins with conditions on tags, a wildcard is of use in a condition only, and a value that the next step replaces is of no use.',
  remedy: (p) => `write \`${p.field} ${p.meant} …\``,
  checkText({ outline, source }) {
    const { text } = source
    const siblings = siblingsOf(outline)
    return outline.pipelines.flatMap((pipeline, n) =>
      pipeline.steps.flatMap((s, i): Violation<Params>[] => {
        const beside = siblings.get(n) ?? []
        const slip =
          s.kind === 'filter'
            ? ((outline.traits.globTest ? undefined : comparedResult(s, text)) ??
              (assignedBeside(s, i, pipeline, beside) || isOfDefault(s, i, pipeline, text)
                ? equalsOf(s, text)
                : undefined))
            : s.kind === 'set' &&
                (isCondition(s, pipeline) ||
                  isNameOfEvent(s) ||
                  (pipeline.isMain &&
                    (isOfEvent(s, pipeline.steps.slice(0, i), text) ||
                      (i === 0 && (isConstantOfEvent(s, text) || isOfParameter(s, text) || isWordOfEvent(s, text))) ||
                      isUnused(s, i, pipeline, text))) ||
                  isReplaced(s, pipeline.steps.slice(i + 1)) ||
                  (i === 0 && isGuard(s, beside)) ||
                  isOwnParameter(s, i))
              ? signOf(s, text)
              : undefined
        if (!slip) return []
        const title = slip.meant === '=' ? 'compare' : 'assign'
        const fixes = [{ title, edits: [{ span: slip.sign, text: slip.meant }], safety: 'unsafe' as const }]
        return [{ at: inText(source, s.at), params: { field: slip.field, meant: slip.meant }, fixes }]
      }),
    )
  },
})

interface Slip extends Params {
  readonly sign: Span
}

function signOf({ field, at }: Assignment, text: string): Slip | undefined {
  const start = text.indexOf(':=', at.start)
  return start < 0 || start >= at.end ? undefined : { field, meant: '=', sign: { start, end: start + 2 } }
}

/** A wildcard is of use in a condition only, and a query begins with conditions on tags. */
const isCondition = (s: Assignment, { steps, isMain }: Pipeline): boolean =>
  ((s.value?.kind === 'bare' || (s.value?.kind === 'text' && isMain)) && /^\*\S*$|^\S*\*$/.test(s.value.text)) ||
  ((isMain || steps.length === 1) &&
    s.field.startsWith('#') &&
    steps.slice(0, steps.indexOf(s)).every((x) => x.kind === 'filter'))

/** `cisco_severity := ?severity` as the first step, and no step after it names the field. */
const isOfParameter = ({ field, value, at }: Assignment, text: string): boolean =>
  value?.kind === 'hole' && !text.slice(at.end).includes(field)

/** `aid := ?aid` at the beginning, or where events have the field. */
const isOwnParameter = ({ field, value }: Assignment, i: number): boolean =>
  value?.kind === 'hole' && value.text === field && (i === 0 || isKnownField(field))

/** `FileName := "powershell.exe"` as the first step, and no step after it names the field. */
const isConstantOfEvent = (s: Assignment, text: string): boolean =>
  isConstant(s) && isKnownField(s.field) && !text.slice(s.at.end).includes(s.field)

/** `Vendor.category := AuditLogs`, `cef.name := ?name`: a name with dots comes with the event, and its value is a word or parameter. */
const isOfEvent = ({ field, value, at }: Assignment, before: readonly Step[], text: string): boolean =>
  (/^[A-Za-z]+\./.test(field) || isKnownField(field)) &&
  !before.some((s) => s.kind === 'other' && s.isAggregate) &&
  ((value?.kind === 'hole' && !text.includes(field, at.start + field.length)) ||
    (value?.kind === 'field' && /^[A-Za-z]\w*$/.test(value.text) && !isKnownField(value.text)))

/** `ExternalApiType := Event_UserActivityAuditEvent`: the name of a kind of event is no field. */
const isNameOfEvent = ({ value }: Assignment): boolean =>
  value?.kind === 'field' && /^Event_[A-Z]\w+Event$/.test(value.text)

/** `state := fatal` as the first step: no event of a query without conditions is known to have the field. */
const isWordOfEvent = ({ value, field, at }: Assignment, text: string): boolean =>
  value?.kind === 'field' && /^[a-z]+$/.test(value.text) && text.slice(at.end).trim() === '' && field !== value.text

const isConstant = ({ value }: Assignment): boolean => value?.kind === 'text' || value?.kind === 'number'

/** Two constants, and between them only conditions on other fields. Fields in turn are a choice: one that an event lacks changes nothing. */
function isReplaced(s: Assignment, after: readonly Step[]): boolean {
  const next = after.find((x) => x.kind !== 'filter' || testsOf(x.where).some(({ test }) => test.field === s.field))
  return next?.kind === 'set' && next.field === s.field && isConstant(s) && isConstant(next)
}

/** The other branches of the step that a branch is of. */
function siblingsOf({ pipelines }: Outline): ReadonlyMap<number, readonly Pipeline[]> {
  const branches = pipelines.flatMap((p) =>
    p.steps.flatMap((s) => (s.kind === 'branches' && !s.hasGuards ? [s.of] : [])),
  )
  const others = (of: readonly number[], n: number): Pipeline[] =>
    of.flatMap((o) => (o === n ? [] : (pipelines[o] ?? [])))
  return new Map(branches.flatMap((of) => of.map((n) => [n, others(of, n)] as const)))
}

/** `Type := 2 | Name := "Write"` in a branch, where other branches begin with a condition on `Type`. */
const isGuard = (s: Assignment, beside: readonly Pipeline[]): boolean =>
  isConstant(s) &&
  beside.some(
    ({ steps: [first] }) => first?.kind === 'filter' && testsOf(first.where).some(({ test }) => test.field === s.field),
  )

/** `Severity = "Medium"` in a branch, where other branches assign `Severity` in the same place. */
const assignedBeside = ({ where }: Filter, i: number, { steps }: Pipeline, beside: readonly Pipeline[]): boolean =>
  i > 0 &&
  where.kind === 'compare' &&
  where.op === '=' &&
  beside.some((p) =>
    [i, p.steps.length - steps.length + i].some((n) => {
      const step = p.steps[n]
      return step?.kind === 'set' && step.field === where.field
    }),
  )

/** `* | Sender = "Unknown"` as a branch: of the events that no other branch takes, it would keep those that have the text already. */
const isOfDefault = ({ where }: Filter, i: number, { steps, isMain }: Pipeline, text: string): boolean =>
  !isMain &&
  i === 1 &&
  steps.length === 2 &&
  text.slice(steps[0]?.at.start, steps[0]?.at.end).trim() === '*' &&
  where.kind === 'compare' &&
  where.op === '=' &&
  where.values.some((v) => v.kind === 'text' && !v.text.includes('*'))

/** No later step names the field, and rows of an aggregate no longer have it. */
const isUnused = (s: Assignment, i: number, { steps }: Pipeline, text: string): boolean =>
  s.value !== undefined &&
  s.value.kind !== 'field' &&
  s.value.kind !== 'hole' &&
  steps.slice(i + 1).some((x) => x.kind === 'other' && x.isAggregate && x.name !== 'selfjoinfilter') &&
  !text.slice(s.at.end).includes(s.field)

function equalsOf({ where }: Filter, text: string): Slip | undefined {
  if (where.kind !== 'compare') return undefined
  const start = text.indexOf('=', where.fieldAt.end)
  return start < 0 ? undefined : { field: where.field, meant: ':=', sign: { start, end: start + 1 } }
}

/** `UserName=lower(UserName)` and `MB = Bytes/1048576` as a whole step. */
function comparedResult({ where, at }: Filter, text: string): Slip | undefined {
  const of = text.slice(at.start, at.end)
  const m =
    where.kind === 'opaque'
      ? /^([\w.@#]+)(\s*)=\s*[a-z]\w*(?::\w+)?\(/.exec(of)
      : (/^([\w.@]+)(\s*)=\s*(?:[a-z_@][\w.]*[/+]\d+(?:\.\d+)?|\1\*\w+)$/i.exec(of) ??
        // `AccountName=windows.EventData.TargetUserName`, `source.ip=Vendor.sourceIp`. A domain has no capitals.
        /^([\w.@]+)(\s*)=\s*(?:[A-Za-z]+(?:\.\w+)*\.[A-Z]\w*[a-z][A-Z]\w*|Vendor(?:\.\w+)+)$/.exec(of))
  if (!m) return undefined
  const start = at.start + (m[1] ?? '').length + (m[2] ?? '').length
  return { field: m[1] ?? '', meant: ':=', sign: { start, end: start + 1 } }
}
