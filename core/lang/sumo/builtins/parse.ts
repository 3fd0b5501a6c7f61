// Fields out of a text by a pattern with stars.
import { sumoAnchorCount, sumoRuledOut } from '../../../diag/catalogue/sumo-lower.ts'
import { and, call, test } from '../../../plan/build.ts'
import type { Expr, Pred } from '../../../plan/plan.ts'
import type { Span } from '../../../text/source.ts'
import type { Name, Place } from '../2-parse/ast.ts'
import type { Cursor } from '../2-parse/cursor.ts'
import { aliases, type ExtractOptions, extractOption, isPattern, pattern } from '../2-parse/parse-extract.ts'
import { FIELD, NODROP, operator, param, raw, search } from '../3-lower/builtin-kit.ts'
import { extract, type Extracted, inputOf } from '../3-lower/extract.ts'
import type { Flow } from '../3-lower/flow.ts'
import { escapeRegex } from '../3-lower/regex.ts'

interface Anchors extends ExtractOptions {
  readonly parts: readonly { readonly pattern: string; readonly names: readonly Name[]; readonly span: Span }[]
}

function parseAnchors(c: Cursor): Anchors | 'using' | undefined {
  if (c.isWord('using') || c.isWord('infer')) {
    c.skipStage()
    return 'using'
  }
  const into: ExtractOptions = { field: undefined, nodrop: false }
  const parts: { pattern: string; names: Name[]; span: Span }[] = []
  while (!c.stageOver) {
    if (extractOption(c, into)) continue
    if (!isPattern(c)) {
      c.fail('a pattern in double quotes')
      return undefined
    }
    const found = pattern(c)
    extractOption(c, into)
    const named = c.eatWord('as') ? aliases(c) : []
    parts.push({ pattern: found.text, names: named, span: found.span })
    c.eat(',')
  }
  if (parts.length === 0) c.fail('a pattern in double quotes')
  return parts.length === 0 ? undefined : { ...into, parts }
}

/** `*` captures as little as possible. A first `*` begins at the start of the text, a last one ends at its end. */
function anchorPattern(pattern: string): string {
  const parts = pattern.split('*').map((p) => escapeRegex(p))
  const body =
    parts
      .slice(0, -1)
      .map((p) => `${p}(.*?)`)
      .join('') + parts[parts.length - 1]
  return `${pattern.startsWith('*') ? '^' : ''}${body}${pattern.endsWith('*') ? '$' : ''}`
}

function anchors(f: Flow, s: Anchors): Extracted {
  const input = inputOf(f, s.field)
  const flags = f.lowering.choice('anchor-case') === 'insensitive' ? 'is' : 's'
  const columns: { name: string; expr: Expr }[] = []
  const tests: Pred[] = []
  for (const p of s.parts) {
    const stars = p.pattern.split('*').length - 1
    if (/\*\*/.test(p.pattern))
      f.lowering.report(sumoRuledOut, p.span, {
        what: 'a parse pattern cannot have `**`: two fields need text between them',
        remedy: 'write the text between them, or use `parse regex`',
      })
    else if (stars !== p.names.length) f.lowering.report(sumoAnchorCount, p.span, { stars, names: p.names.length })
    const consts = { pattern: anchorPattern(p.pattern), flags }
    tests.push(test('re.test', [input], consts))
    p.names.forEach((n, i) => {
      if (i < stars && n.name !== '_')
        columns.push({ name: n.name, expr: call('re.group', 'str', [input], { ...consts, group: i + 1 }) })
    })
  }
  return { columns, matched: and(...tests), nodrop: s.nodrop }
}

function lowerParse(f: Flow, node: Anchors | 'using', { head }: Place): void {
  if (node === 'using') f.notRun(head, 'parse using', 'it is not built yet')
  else extract(f, anchors(f, node))
}

export const parse = operator<Anchors | 'using'>({
  name: 'parse',
  kind: 'parse',
  category: 'parsing',
  doc: 'Reads fields out of a text by a pattern with `*` in their places.',
  params: [
    param('pattern', 'text', 'Such as "user=* id=*".'),
    param('as', 'fields', 'A name for each `*`.'),
    FIELD,
    NODROP,
  ],
  examples: [
    search('parse "id=*;" as id | fields id', raw('x id=7; y', 'nothing'), [{ id: '7' }]),
    search('parse "To: *\\n" as to | fields to', raw('To: a@b.c\nSubject: x'), [{ to: 'a@b.c' }]),
    search('parse "a * b *" as x, y | fields x, y', raw('- a 1 b 2 3'), [{ x: '1', y: '2 3' }]),
  ],
  parse: parseAnchors,
  lower: lowerParse,
})
