// The result of a hunt as the content of its page.
import type { HuntPage, ShownFinding } from '../web/hunt/model.ts'
import type { Finding, HuntResult, RuleOutcome } from '../engine/hunt/hunt.ts'
import { type HuntRule, type HuntRules, rank } from '../engine/hunt/hunt-rules.ts'
import { cellText } from './cells.ts'
import { version } from './version.ts'

export interface Fired {
  /** Its place among all rules. */
  readonly place: number
  readonly rule: HuntRule
  readonly outcome: RuleOutcome
}

export const firedOf = (rules: readonly HuntRule[], { outcomes }: HuntResult): Fired[] =>
  rules
    .flatMap((rule, i): Fired[] => {
      const outcome = outcomes[i]
      return outcome && outcome.findings > 0 ? [{ place: i, rule, outcome }] : []
    })
    .sort((a, b) => rank(b.rule.level) - rank(a.rule.level) || b.outcome.findings - a.outcome.findings)

export const QUIET: readonly (readonly [state: RuleOutcome['state'], words: string])[] = [
  ['no source', 'no event of their log source'],
  ['no field', 'no event has a field that they need'],
  ['quiet', 'no event meets their conditions'],
  ['off', 'switched off as too slow'],
  ['failed', 'failed'],
]

/** Findings on a page; more would make it slow. */
const MOST = 20_000
/** While a hunt runs, so many of the newest findings of a rule are kept at least. */
const MOST_OF_RULE = 5_000

const timeOf = ({ time }: Finding): number => (time === null ? Number.NEGATIVE_INFINITY : Number(time / 1000n))

/** The newest findings of each rule. */
export class FindingsOfPage {
  readonly #all: Finding[][]

  constructor(rules: number) {
    this.#all = Array.from({ length: rules }, () => [])
  }

  add(finding: Finding): void {
    const of = this.#all[finding.rule] as Finding[]
    of.push(finding)
    if (of.length >= 2 * MOST_OF_RULE) this.#all[finding.rule] = newest(of, MOST_OF_RULE)
  }

  /** Newest first. */
  kept(): Finding[] {
    const counts = this.#all.map((of) => of.length)
    // The same number for each rule, so that one loud rule does not push the others out.
    let [least, most] = [0, MOST_OF_RULE]
    while (least < most) {
      const middle = Math.ceil((least + most) / 2)
      if (counts.reduce((n, c) => n + Math.min(c, middle), 0) <= MOST) least = middle
      else most = middle - 1
    }
    const all = this.#all.flatMap((of) => newest(of, least))
    return newest(all, all.length)
  }
}

const newest = (of: readonly Finding[], count: number): Finding[] =>
  [...of].sort((a, b) => timeOf(b) - timeOf(a)).slice(0, count)

export function pageOf({ rules }: HuntRules, result: HuntResult, findings: readonly Finding[]): HuntPage {
  const fired = firedOf(rules, result)
  const places = new Map(fired.map(({ place }, i) => [place, i]))
  const { files, outcomes } = result
  return {
    version,
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    events: files.reduce((n, f) => n + f.stats.events, 0),
    logs: files.map(({ file, stats }) => ({ name: file.name, format: file.format, events: stats.events })),
    rules: rules.length,
    fired: fired.map(({ rule, outcome }) => ({
      title: rule.title,
      id: rule.id,
      level: rule.level ?? '',
      techniques: rule.techniques,
      file: rule.file,
      line: rule.line,
      findings: outcome.findings,
    })),
    silent: QUIET.flatMap(([state, reason]) => {
      const n = outcomes.filter((o) => o.state === state && o.findings === 0).length
      return n > 0 ? [{ reason, rules: n }] : []
    }),
    stopped: !result.ok,
    findings: findings.map((f) => shown(f, places.get(f.rule) ?? 0)),
  }
}

const shown = (f: Finding, rule: number): ShownFinding => ({
  rule,
  time: f.time === null ? null : timeOf(f),
  host: f.host ?? '',
  user: f.user ?? '',
  log: f.log?.file ?? '',
  line: f.log?.line ?? null,
  fields: f.columns.flatMap((name, i) => {
    const cell = f.cells[i] ?? null
    return cell === null ? [] : [[name, cellText(cell)] as const]
  }),
  event: f.event,
})
