import { inText } from '../../../diag/diagnostic.ts'
import { isSubnet } from '../../../lang/shared/subnet.ts'
import { allTests, isEquality } from '../../conditions.ts'
import { textRule } from '../../rule.ts'

export const subnetAsText = textRule<{ readonly value: string; readonly rewrite: string }>({
  id: 'LNT406',
  slug: 'subnet-as-text',
  severity: 'warning',
  title: 'A subnet that is compared as text',
  message: (p) => `\`${p.value}\` is compared as text, and no address is equal to it`,
  why: 'Equality compares characters. A test for a subnet has a function or modifier of its own.',
  remedy: (p) => `write \`${p.rewrite}\``,
  checkText({ outline, source }) {
    return allTests(outline).flatMap(({ test }) => {
      const nets = test.values.filter((v) => v.kind !== 'regex' && /\//.test(v.text) && isSubnet(v.text))
      const [first] = nets
      // Routes and rules of firewalls have fields that hold a subnet.
      if (!first || !isEquality(test) || /cidr|subnet|network|route|range|prefix/i.test(test.field)) return []
      const rewrite = outline.traits.subnetTest(
        test.field,
        nets.map((n) => n.text),
        test.op === '!=',
      )
      const isOnly = nets.length === test.values.length && !/\n/.test(source.text.slice(test.at.start, test.at.end))
      const isFixed = isOnly && outline.traits.defaultBranch !== undefined
      return [
        {
          at: inText(source, first.at),
          params: { value: first.text, rewrite },
          fixes: isFixed
            ? [{ title: 'test for the subnet', edits: [{ span: test.at, text: rewrite }], safety: 'safe' as const }]
            : [],
        },
      ]
    })
  },
})
