import type { Expr } from '../../../plan/plan.ts'
import { badFormat } from '../../../diag/catalogue/cql-lower.ts'
import { builtin } from '../4-lower/builtin.ts'
import { choose } from '../4-lower/values.ts'
import { first, param, as, page } from '../4-lower/params.ts'
import { lit, call, present } from '../../../plan/build.ts'
import { toNum, toStr } from '../../shared/convert.ts'
import { plainFormat } from '../4-lower/functions/time.ts'

const CONVERSION = /%([-,0+# ]*)(\d+)?(?:\.(\d+))?([tT][a-zA-Z]|[a-zA-Z%])/g

/** Parts of a time in Java's Formatter. */
const TIMES = 'HIklMSLNpzZsQBbhAaCYyjmdeRTrDFc'

export const format = builtin({
  name: 'format',
  category: 'fields',
  kind: 'transform',
  doc: 'A text made of fields by a pattern as printf has it.',
  notes: [
    'Known conversions: s d i f e x X o, `%%`, `%n`; flags `,` `0` `-` `+`, width and precision.',
    '`%tH` and the like write a part of a time in milliseconds, with the letters of formatTime().',
  ],
  params: [
    first('format', 'text', 'The pattern.', { required: true }),
    param('field', 'fields', 'Fields or expressions, one per conversion.'),
    param('timezone', 'text', 'Zone of `%t` conversions.', { default: 'UTC' }),
    as('_format'),
  ],
  output: '_format',
  fidelity: {
    differs: 'No public text says how a missing field prints; see the semantic `format-missing`.',
  },
  evidence: page('format'),
  examples: [
    {
      title: 'Text and decimals',
      given: [{ u: 'bob', n: '1234.567' }],
      query: 'format("%s sent %,.2f (%%)", field=[u, n], as=t) | select(t)',
      gives: [{ t: 'bob sent 1,234.57 (%)' }],
      from: page('format'),
    },
    {
      title: 'The hour and minute of a time',
      given: [{ t: '1686837825000' }],
      query: 'format("%tH:%tM", field=[t, t], timezone="Europe/Berlin", as=x) | select(x)',
      gives: [{ x: '16:03' }],
      from: page('format'),
    },
  ],
  lower: {
    kind: 'value',
    value: (c) => {
      const { flow, args } = c
      const pattern = args.text('format')
      const values = args
        .items('field')
        .map((e) =>
          flow.parts.expr(
            flow,
            e.kind === 'string'
              ? { kind: 'field', name: { name: e.text, quoted: true, span: e.span }, span: e.span }
              : e,
          ),
        )
      const missing = flow.lowering.choice('format-missing') === 'null' ? 'null' : undefined
      const parts: Expr[] = []
      let at = 0
      let next = 0
      const literal = (text: string): void => {
        if (text !== '') parts.push(lit(text, 'str'))
      }
      for (const m of pattern.matchAll(CONVERSION)) {
        literal(pattern.slice(at, m.index))
        at = m.index + m[0].length
        const conversion = m[4] as string
        if (conversion === '%' || conversion === 'n') {
          literal(conversion === '%' ? '%' : '\n')
          continue
        }
        const value = values[next++]
        if (value && conversion.length === 2 && TIMES.includes(conversion.charAt(1))) {
          const millis = value.ty === 'int' ? value : call('num.toInt', 'int', [toNum(value)])
          const pattern = plainFormat(`%${conversion.charAt(1)}`)
          const shown = call('time.format', 'str', [call('time.fromMillis', 'time', [millis])], {
            pattern,
            zone: args.text('timezone', 'UTC'),
          })
          parts.push(conversion.startsWith('T') ? call('str.upper', 'str', [shown]) : shown)
          continue
        }
        if (!value || !'sSdifexXo'.includes(conversion)) {
          flow.lowering.report(badFormat, args.span('format'), { conversion: m[0] })
          continue
        }
        const flags = m[1] ?? ''
        const consts = {
          conversion,
          flags,
          width: Number(m[2] ?? 0),
          precision: m[3] === undefined ? -1 : Number(m[3]),
        }
        const text = toStr(value)
        const plain =
          ((conversion === 's' && consts.precision < 0) || ('di'.includes(conversion) && value.ty === 'int')) &&
          flags === '' &&
          consts.width === 0
        const shown = plain ? text : call('str.printf', 'str', [text], consts)
        parts.push(missing === undefined ? shown : choose(present(text), shown, lit(missing, 'str')))
      }
      literal(pattern.slice(at))
      return call('str.concat', 'str', parts)
    },
  },
})
