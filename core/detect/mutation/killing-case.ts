// A case that a survivor would fail: generated telemetry on which the query and its mutant differ.
import { evaluate } from '../../eval/evaluate.ts'
import { formatNamed } from '../../logs/registry.ts'
import { compile, languageOfFile } from '../../workbench/compile.ts'
import { WITNESS_ENV } from '../../witness/telemetry.ts'
import { outcomeOf } from '../../witness/outcome.ts'
import { type Side, type Verdict, verify } from '../../witness/verify.ts'
import { prepareQuery, queryBlocks } from '../case/case.ts'
import { judge } from '../case/judge.ts'
import { printTable } from '../case/result-table.ts'
import { isHidden } from '../../plan/plan.ts'
import { compileAndOptimise } from '../case/compile-text.ts'
import { caseText } from '../case/generated-case.ts'
import type { Files } from '../folder/folder-types.ts'
import type { Mutant } from './mutants.ts'
import { casesWith, openTrials } from './trials.ts'

const PAGE = 'tests/generated.case.md'
const MOST_EVENTS = 60

function rowsText({ plan, reading }: Side, { telemetry }: Extract<Verdict, { kind: 'differs' }>): string {
  const { result } = outcomeOf(plan, telemetry, WITNESS_ENV, reading)
  return printTable(
    result.columns.filter((c) => !isHidden(c.id)),
    result.rows,
  )
}

/** The text of a case, ready for a page in `tests/`; undefined: none was found that the query passes and the mutant fails. */
export function killingCase(files: Files, file: string, mutant: Mutant): string | undefined {
  const language = languageOfFile(file, files.get(file))
  const reading = { aliases: formatNamed('ngsiem')?.aliases ?? {} }
  const sideOf = (text: string): Side | undefined => {
    const context = { interval: WITNESS_ENV, zone: 'UTC' }
    const { plan, presentation } = compile({ name: file, text }, language?.id ?? '', { context })
    return plan && language && { plan, language: language.id, ordered: presentation.ordered, reading }
  }
  const [own, other] = language ? [sideOf(files.get(file) ?? ''), sideOf(mutant.text)] : []
  if (!language || !own || !other) return undefined
  const verdict = verify(own, other)
  if (verdict.kind !== 'differs' || verdict.telemetry.events.length > MOST_EVENTS) return undefined
  const { events } = verdict.telemetry
  const expectation =
    verdict.a.rows.length === 0
      ? 'quiet\n'
      : verdict.b.rows.length === 0
        ? 'fires\n'
        : `result\n${rowsText(own, verdict)}`
  const title = `${mutant.operator.title}: ${mutant.before}`
  const text = caseText({ title, events, language: language.id, query: { file: `../${file}` }, expectation })
  const alone: Files = new Map([...[...files].filter(([path]) => !path.startsWith('tests/')), [PAGE, text]])
  // Only a case that the query passes and the mutant fails is offered.
  const isPassed = casesWith(alone, file).every(({ open }) =>
    queryBlocks(open).every((block) => {
      const query = prepareQuery(open, block, files.get(file) ?? '', compileAndOptimise)
      return query.plan !== undefined && judge(query, evaluate(query.plan, query.rows, query.env)).length === 0
    }),
  )
  return isPassed && openTrials(alone, file).fate(mutant) === 'killed' ? text : undefined
}
