import { inText } from '../../../diag/diagnostic.ts'
import { testsOf } from '../../conditions.ts'
import { textRule, type Violation } from '../../rule.ts'

interface Params {
  readonly call: string
  readonly field: string
  readonly result: string
}

/** Functions that put the changed value of a field into another one. */
const CALL = /^(lower|upper|length|base64Decode|urlDecode|urlEncode)\(\s*(?:field\s*=\s*)?"?([A-Za-z_@][\w.]*)"?\s*\)$/i

export const unreadResult = textRule<Params>({
  id: 'LNT425',
  slug: 'unread-result',
  severity: 'warning',
  title: 'A changed value that no step reads',
  message: (p) => `the result of \`${p.call}\` is in \`${p.result}\`, and \`${p.field}\` stays as it was`,
  why: 'A function does not change the field that it reads. Its result is a field with an underscore and the name of the function.',
  remedy: (p) => `compare \`${p.result}\`, or write \`${p.field} := ${p.call}\``,
  checkText({ outline, source }) {
    if (outline.traits.globTest || outline.traits.foldsCase) return []
    const { text } = source
    return outline.pipelines.flatMap(({ steps }) =>
      steps.flatMap((s, i): Violation<Params>[] => {
        const call = text.slice(s.at.start, s.at.end).trim()
        const m = s.kind === 'other' || s.kind === 'filter' ? CALL.exec(call) : null
        const [, name = '', field = ''] = m ?? []
        const result = `_${name.toLowerCase()}`
        if (!m || text.toLowerCase().includes(result)) return []
        const end = steps.findIndex((x, n) => n > i && x.kind !== 'filter' && x.kind !== 'set')
        const isCompared = steps
          .slice(i + 1, end < 0 ? undefined : end)
          .some((x) => x.kind === 'filter' && testsOf(x.where).some(({ test }) => test.field === field))
        return isCompared ? [{ at: inText(source, s.at), params: { call, field, result } }] : []
      }),
    )
  },
})
