import { inText } from '../../../diag/diagnostic.ts'
import type { Compare, Condition } from '../../../lang/shared/outline.ts'
import { parts } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

const lower = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((n) => n.toLowerCase()))

/** Fields with the name or path of a program. The name in its version resource is not among them: a copy keeps it. */
const NAMES = lower([
  'ImageFileName',
  'FileName',
  'ContextBaseFileName',
  'Image',
  'NewProcessName',
  'ProcessName',
  'process.name',
  'process.executable',
])
const PORTS = lower([
  'RemotePort',
  'DestinationPort',
  'dst_port',
  'dest_port',
  'dstPort',
  'dport',
  'destination.port',
  'id.resp_p',
])
/** Fields that choose the kind of event. */
const KINDS =
  /^(?:#.*|_(?:source\w*|index|view|collector)|event_?simpleName|event_?(?:id|code|platform|type)|channel|provider_?name)$/i

export const onlyAName = textRule<{ readonly field: string; readonly isPort: boolean }>({
  id: 'LNT418',
  slug: 'only-a-name',
  severity: 'info',
  title: 'Only a name or a port, which an attacker chooses',
  message: (p) =>
    p.isPort
      ? `\`${p.field}\` is the only condition, and the service can be moved to another port`
      : `\`${p.field}\` is the only condition, and the program can be renamed`,
  why: 'The name of a file and the port of a service cost nothing to change. A hash, the name in the version resource, the arguments or the protocol stay.',
  remedy: (p) =>
    p.isPort
      ? 'add the protocol or application that the log reports, or a hunt for it on other ports'
      : 'add `or` with the original name, the arguments or the hash of the program',
  checkText({ outline, source, hasErrors }) {
    const [main] = outline.pipelines
    if (!main || hasErrors) return []
    const tests: Compare[] = []
    for (const step of main.steps) {
      if (step.kind !== 'filter') break
      for (const part of parts(step.where, 'and')) {
        const of = sureTests(part)
        // A condition of another kind may be what makes the difference.
        if (!of) return []
        tests.push(...of)
      }
    }
    const left = tests.filter((t) => !KINDS.test(t.field))
    const [first] = left
    if (!first) return []
    const isPort = PORTS.has(first.field.toLowerCase())
    const isSame = (t: Compare): boolean =>
      isPort ? PORTS.has(t.field.toLowerCase()) && isFixed(t) : NAMES.has(t.field.toLowerCase()) && isProgram(t)
    return left.every(isSame) ? [{ at: inText(source, first.at), params: { field: first.field, isPort } }] : []
  },
})

/** The comparisons that events meet; undefined: there are others. A condition that is turned round does not count. */
function sureTests(c: Condition): readonly Compare[] | undefined {
  if (c.kind === 'not') return []
  if (c.kind === 'compare') return c.op === '!=' ? [] : [c]
  if (c.kind !== 'and' && c.kind !== 'or') return undefined
  const all = c.of.map(sureTests)
  return all.includes(undefined) ? undefined : all.flatMap((x) => x ?? [])
}

const isFixed = (t: Compare): boolean => (t.op === '=' || t.op === 'in') && t.values.every((v) => /^\d+$/.test(v.text))
/** The value ends with the name of a program. */
const isProgram = (t: Compare): boolean =>
  t.values.length > 0 && t.values.every((v) => v.kind !== 'hole' && /[\w)\]]\\?\.exe\)?\$?$/i.test(v.text))
