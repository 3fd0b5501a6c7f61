import { inText } from '../../../diag/diagnostic.ts'
import { allTests } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

export const leftPlaceholder = textRule<{ readonly value: string }>({
  id: 'LNT435',
  slug: 'left-placeholder',
  severity: 'warning',
  title: 'A placeholder that was not replaced',
  message: (p) => `\`${p.value}\` is compared as it is written`,
  why: 'Templates have words between angle brackets where each tenant has its own value. No event has the placeholder.',
  remedy: (p) => `write the value of your tenant in the place of \`${p.value}\``,
  checkText: ({ outline, source }) =>
    allTests(outline).flatMap(({ test }) =>
      test.values.flatMap((v) =>
        (v.kind === 'bare' || v.kind === 'text') &&
        /^<[A-Z][A-Z0-9_-]{2,}>$/.test(v.text) &&
        /[A-Z]{3}|_| /.test(v.text)
          ? [{ at: inText(source, v.at), params: { value: v.text } }]
          : [],
      ),
    ),
})
