import { FALSE, lit } from '../../../plan/build.ts'
import { builtin } from '../4-lower/builtin.ts'
import { DROPPED } from '../4-lower/flow.ts'
import { page } from '../4-lower/params.ts'

export const dropEvent = builtin({
  name: 'dropEvent',
  category: 'filter',
  kind: 'filter',
  doc: 'Drops the event.',
  notes: ['In a branch of `case` or `match` the event stays with this branch: no later branch gets it.'],
  params: [],
  fidelity: 'exact',
  evidence: page('dropEvent'),
  examples: [
    {
      title: 'Noise, before a branch that takes everything',
      given: [{ a: 'noise' }, { a: 'x' }],
      query: 'case { a=noise | dropEvent(); * } | groupBy(a, function=[])',
      gives: [{ a: 'x' }],
      from: page('dropEvent'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow }) => {
      if (flow.inBranch) flow.assign(DROPPED, lit(true, 'bool'))
      else flow.filter(FALSE)
    },
  },
})
