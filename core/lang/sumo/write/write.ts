// A portable detection as a search of Sumo Logic.
import type { EventDetection, Loss, PortableDetection, Written } from '../../shared/portable.ts'
import { NotSumo, SumoConditions } from './condition.ts'
import { correlationLines, stageTexts } from './steps.ts'

/** https://help.sumologic.com/docs/search/get-started-with-search/build-search/search-syntax-overview/: characters of a query. */
const LONGEST = 15_000

export function write(d: PortableDetection): Written {
  try {
    const plain = textOf(d, new SumoConditions())
    const { text, losses } = plain.text.length > LONGEST ? textOf(d, new SumoConditions(true)) : plain
    if (text.length > LONGEST) throw new NotSumo(`it has ${text.length} characters, and a query at most ${LONGEST}`)
    return { text, losses }
  } catch (e) {
    if (!(e instanceof NotSumo)) throw e
    return { reason: e.message }
  }
}

function textOf(d: PortableDetection, conditions: SumoConditions): { text: string; losses: readonly Loss[] } {
  const { lines, losses } =
    d.kind === 'correlation' ? correlationLines(d, conditions) : { lines: eventLines(d, conditions), losses: [] }
  const text = [...comment(d), '*', ...lines.map((l) => `| ${l}`)].join('\n')
  return { text, losses: [...losses, ...conditions.losses.values()] }
}

const eventLines = (d: EventDetection, conditions: SumoConditions): string[] => [
  ...conditions.filters(d.where).map((f) => `where ${f}`),
  ...stageTexts(d.steps, conditions),
]

const comment = ({ title }: PortableDetection): string[] =>
  title === undefined ? [] : [`// ${title.replace(/\s+/g, ' ').trim()}`]
