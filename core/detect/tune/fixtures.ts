// Runs a changed query over the tests of its detection.
import { lookupName } from '../../plan/sources.ts'
import { evaluate } from '../../eval/evaluate.ts'
import { type Block, parseCaseFile } from '../case/case-file.ts'
import { type Lookups, readLookupBlocks } from '../case/case-lookups.ts'
import { type OpenCase, prepareQuery, queryBlocks } from '../case/case.ts'
import { compileOnce } from '../case/compile-text.ts'
import { anchor, caseReference, inFolder } from '../folder/folder-names.ts'
import { casesWith, names } from '../mutation/trials.ts'
import type { Detection } from '../folder/schema.ts'
import type { Files } from '../folder/folder-types.ts'

export interface Fixture {
  /** `tests/PAGE.case.md#title` */
  readonly name: string
  /** `benign`: the case of a false positive. */
  readonly kind: 'attack' | 'benign'
  /** Findings of the unchanged query. */
  readonly findings: number
}

export interface FixtureEffect {
  readonly fixture: Fixture
  readonly findings: number
}

export interface Fixtures {
  readonly all: readonly Fixture[]
  /** Findings of a changed text in the tests in which the query finds something. Undefined: the text is refused. */
  effects(text: string): readonly FixtureEffect[] | undefined
}

/** Opens the cases whose query is the file and finds something. */
export function openFixtures(files: Files, file: string, detection: Detection): Fixtures {
  const benign = new Set(detection.false_positives.flatMap((f) => f.tests.map(referenceKey)))
  const own = files.get(file) ?? ''
  const compile = compileOnce()
  const everywhere = lookupsOf(files)
  const trials = casesWith(files, file).flatMap(({ page, open: alone }) => {
    const open = { ...alone, lookups: both(alone.lookups, everywhere) }
    const { title } = open.case
    const name = `${page}#${title}`
    return queryBlocks(open)
      .filter((b) => names(b, page, file))
      .flatMap((block) => {
        const findings = count(open, block, own, compile) ?? 0
        const kind =
          benign.has(`${page}#${anchor(title)}`) || benign.has(page) ? ('benign' as const) : ('attack' as const)
        return findings > 0 ? [{ open, block, fixture: { name, kind, findings } }] : []
      })
  })
  return {
    all: trials.map((t) => t.fixture),
    effects: (text) => {
      const once = compileOnce()
      const found: FixtureEffect[] = []
      for (const { open, block, fixture } of trials) {
        const findings = count(open, block, text, once)
        if (findings === undefined) return undefined
        found.push({ fixture, findings })
      }
      return found
    },
  }
}

/** The lookup files of all pages. A tuned query can need a list that the pages of attacks do not name. */
function lookupsOf(files: Files): Lookups[] {
  return [...files].flatMap(([page, text]) => {
    if (!/^tests\/.+\.case\.md$/.test(page)) return []
    const parsed = parseCaseFile({ name: page, text })
    const blocks = [...parsed.shared, ...parsed.cases.flatMap((c) => c.blocks)]
    return [readLookupBlocks(blocks, (path) => files.get(inFolder(path, page) ?? ''), [])]
  })
}

function both(own: Lookups, others: readonly Lookups[]): Lookups {
  const all = [own, ...others]
  return {
    known: Object.fromEntries(all.toReversed().flatMap((l) => Object.entries(l.known))),
    rows: (source) => all.find((l) => Object.hasOwn(l.known, lookupName(source)))?.rows(source) ?? own.rows(source),
  }
}

function referenceKey(reference: string): string {
  const { page, anchor: title } = caseReference(reference)
  const path = inFolder(page) ?? page
  return title === undefined ? path : `${path}#${title}`
}

function count(
  open: OpenCase,
  block: Block,
  text: string,
  compile: ReturnType<typeof compileOnce>,
): number | undefined {
  const q = prepareQuery(open, block, text, compile)
  return q.plan ? evaluate(q.plan, q.rows, q.env).rows.length : undefined
}
