// Pages of cases in a worker with a budget of time for each case. A case that spends it is named and fails; the next one gets a new worker.
import { parseCaseFile, type Case } from '../../core/detect/case/case-file.ts'
import { budgetSpent, pageGivenUp, stuck } from '../../core/diag/catalogue/run.ts'
import { type Diagnostic, diagnostic, noPlace } from '../../core/diag/diagnostic.ts'
import type { Source } from '../../core/text/source.ts'
import { threadChannel } from '../workers/channel.ts'
import { loaded, RunError, SupervisedWorker } from '../workers/supervised-worker.ts'
import type { FromCases, ToCases } from './cases-protocol.ts'
import {
  failedCase,
  type PageOptions,
  type PageResult,
  pageResult,
  type TestedCase,
  wantedCases,
} from './test-cases.ts'

/** Cases of one page that may spend their budget before the rest of the page is given up. */
const MOST_SPENT = 10

type Options = Omit<PageOptions, 'executors'>
type Worker = SupervisedWorker<ToCases, FromCases>

export class CaseRunner {
  readonly #budget: number
  #worker: Worker | undefined
  #ready: Promise<void> | undefined

  /** `budget`: seconds for one case. The worker loads while the pages are listed. */
  constructor(budget: number) {
    this.#budget = budget
    this.#open()
  }

  #open(): { readonly worker: Worker; readonly ready: Promise<void> } {
    const worker: Worker = this.#worker ?? new SupervisedWorker(threadChannel('worker-cases'))
    this.#worker = worker
    this.#ready ??= loaded(worker, { kind: 'open' })
    return { worker, ready: this.#ready }
  }

  async test(page: Source, options: Options): Promise<PageResult> {
    const tested: TestedCase[] = []
    let spent = 0
    for (;;) {
      const ended = await this.#run(page, options, tested)
      if (!ended) return pageResult(page, tested)
      // A page that cannot even be read has no cases to go on with.
      tested.push(failedCase(page.name, ended.case ?? { title: page.name, line: 1 }, ended.why))
      if (!ended.case) return pageResult(page, tested)
      if (ended.why.code === budgetSpent.id && ++spent === MOST_SPENT) {
        const givenUp = diagnostic(pageGivenUp, noPlace, { spent, seconds: this.#budget })
        const left = wantedCases(parseCaseFile(page), options.filter).slice(tested.length)
        tested.push(...left.map((c) => failedCase(page.name, c, givenUp)))
        return pageResult(page, tested)
      }
    }
  }

  /** Runs the cases that are not in `tested`, and adds them. Undefined: all of them. Otherwise the case that ended the worker. */
  async #run(page: Source, options: Options, tested: TestedCase[]): Promise<Ended | undefined> {
    let running: Ended['case']
    const on = (m: FromCases): boolean => {
      if (m.kind === 'case') running = m.case
      if (m.kind === 'tested') tested.push(m.tested)
      if (m.kind === 'tested') running = undefined
      return m.kind === 'done'
    }
    try {
      const { worker, ready } = this.#open()
      await ready
      const task = { kind: 'page', page, options, from: tested.length } as const
      const watch = { signal: undefined, patience: this.#budget }
      await worker.request(task, { phase: `testing ${page.name}`, on }, watch)
      return undefined
    } catch (e) {
      if (!(e instanceof RunError)) throw e
      await this.close()
      const isSpent = e.diagnostic.code === stuck.id
      return {
        case: running,
        why: isSpent ? diagnostic(budgetSpent, noPlace, { seconds: this.#budget }) : e.diagnostic,
      }
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    this.#ready = undefined
    await worker?.end()
  }
}

interface Ended {
  /** Undefined: none had begun. */
  readonly case: Pick<Case, 'line' | 'title'> | undefined
  readonly why: Diagnostic
}
