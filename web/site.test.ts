import assert from 'node:assert/strict'
import { test } from 'node:test'
import MarkdownIt from 'markdown-it'
import * as z from 'zod'
import { placeholder } from '../core/diag/catalogue/scaffold.ts'
import { noPlace, diagnostic } from '../core/diag/diagnostic.ts'
import { jsonInScript, webAddress } from './html.ts'
import { markdown } from './markdown.ts'
import { distinctNames } from './names.ts'
import { HOSTILE, hostile, OPTIONS, ours, oursAsSite } from './site-fixtures.ts'
import { renderSite } from './site.ts'

const site = oursAsSite()
const pages = [...site].filter(([path]) => path.endsWith('.html'))
const poisoned = renderSite(hostile(), { ...OPTIONS, title: HOSTILE, base: undefined })
const LOGSCALE = 'detections/T1071.002-file-transfer-protocols/logscale.html'

test('the same input gives the same bytes', () => {
  assert.deepEqual([...oursAsSite()], [...site])
})

test('every page weighs less than 150 kB with all it needs', () => {
  for (const [path, text] of pages) assert.ok(Buffer.byteLength(text) < 150_000, `${path}: ${Buffer.byteLength(text)}`)
})

test('every link inside the site leads to something', () => {
  const broken: string[] = []
  for (const [path, text] of pages) {
    const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]))
    assert.equal(ids.size, [...text.matchAll(/ id="([^"]+)"/g)].length, `${path}: an id twice`)
    for (const [, href = ''] of text.matchAll(/ (?:href|action)="([^"]*)"/g)) {
      if (/^(?:https?:|data:,$)/.test(href)) continue
      const { pathname, hash } = new URL(href, `http://x/${path}`)
      const target = site.get(decodeURIComponent(pathname.slice(1)))
      if (target === undefined) broken.push(`${path}: ${href}`)
      else if (hash && pathname === `/${path}` && !ids.has(hash.slice(1))) broken.push(`${path}: ${href}`)
      else if (hash && !target.includes(` id="${hash.slice(1)}"`)) broken.push(`${path}: ${href}`)
    }
  }
  assert.deepEqual(broken, [])
})

test('the page of T1071.002 has every part', () => {
  const text = site.get(LOGSCALE) ?? ''
  const titles = [...text.matchAll(/<h2 id="([a-z-]+)"/g)].map((m) => m[1])
  const parts =
    'about attack query schedule data false-positives expected portable proof tests comparison validation playbook investigation hunts blind-spots related downloads references changelog'
  for (const part of parts.split(' ')) assert.ok(titles.includes(part), part)
  for (const part of ['https://attack.mitre.org/techniques/T1071/002/', '19.2', 'companion-pipes.cql', '✓ passed'])
    assert.ok(text.includes(part), part)
  for (const part of [
    /Findings per day<\/dt><dd>[\d.]+/,
    /On traffic<\/dt><dd>Findings: [\d,]+ → \d+/,
    /Made by <code>npx/,
  ])
    assert.match(text, part)
  for (const part of ['Expected signals', 'Clean up', 'The MITRE Corporation']) assert.ok(text.includes(part), part)
})

test('code in a page is the code of the file', () => {
  const text = site.get(LOGSCALE) ?? ''
  const [, block = ''] = /aria-label="CrowdStrike LogScale query"><code>([\s\S]*?)<\/code>/.exec(text) ?? []
  const shown = block
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
  assert.equal(`${shown}\n`, site.get('detections/T1071.002-file-transfer-protocols/files/logscale.cql'))
})

/** The parts of layer format 4.5 (LAYERFORMATv4_5.md of the Navigator) that Assay writes. */
const pair = z.strictObject({ name: z.string(), value: z.string() })
const layer = z.strictObject({
  name: z.string(),
  versions: z.strictObject({
    attack: z.string().regex(/^\d+$/).optional(),
    navigator: z.string().regex(/^(?:4\.9|4\.\d\d|[5-9])\./),
    layer: z.literal('4.5'),
  }),
  domain: z.enum(['enterprise-attack', 'mobile-attack', 'ics-attack']),
  description: z.string().optional(),
  sorting: z.int().min(0).max(3).optional(),
  layout: z
    .strictObject({
      layout: z.enum(['side', 'flat', 'mini']),
      showID: z.boolean(),
      showName: z.boolean(),
      expandedSubtechniques: z.enum(['none', 'all', 'annotated']),
    })
    .optional(),
  hideDisabled: z.boolean().optional(),
  techniques: z.array(
    z.strictObject({
      techniqueID: z.string().regex(/^T\d{4}(?:\.\d{3})?$/),
      tactic: z.string().optional(),
      comment: z.string().optional(),
      enabled: z.boolean().optional(),
      score: z.number().optional(),
      color: z.string().optional(),
      metadata: z.array(pair).optional(),
      links: z.array(z.strictObject({ label: z.string(), url: z.string().regex(/^https?:\/\//) })).optional(),
      showSubtechniques: z.boolean().optional(),
    }),
  ),
  gradient: z.strictObject({
    colors: z.array(z.string().regex(/^#[0-9a-f]{6}$/i)).min(2),
    minValue: z.number(),
    maxValue: z.number(),
  }),
  legendItems: z.array(z.strictObject({ label: z.string(), color: z.string() })),
  metadata: z.array(pair).optional(),
})

test('layers are of the Navigator’s format 4.5, and tell a rule from a passing test', () => {
  const read = (files: ReadonlyMap<string, string>, name: string) =>
    layer.parse(JSON.parse(files.get(`layers/${name}.json`) ?? ''))
  const ids = (name: string, files = site) => read(files, name).techniques.map((t) => t.techniqueID)
  assert.deepEqual(ids('has-a-rule'), ['T1048.003', 'T1071.002'])
  assert.deepEqual(ids('has-a-passing-test'), ['T1048.003', 'T1071.002'])
  const failing = ours().map((k) => ({ ...k, results: k.results.map((r) => ({ ...r, status: 'failed' as const })) }))
  const without = renderSite(failing, { ...OPTIONS, base: 'https://x.example/a' })
  assert.deepEqual(ids('has-a-rule', without), ['T1048.003', 'T1071.002'])
  assert.deepEqual(ids('has-a-passing-test', without), [])
  assert.match(without.get('layers/has-a-rule.json') ?? '', /https:\/\/x\.example\/a\/detections\//)
  assert.match(without.get('index.html') ?? '', /1 of 45 have a rule, 0 a passing test/)
  read(poisoned, 'has-a-rule')
})

test('a detection without a run is shown as not tested', () => {
  const none = renderSite(
    ours().map((k) => ({ ...k, results: [], proof: undefined })),
    OPTIONS,
  )
  const text = none.get(LOGSCALE) ?? ''
  assert.ok(!text.includes('✓ passed') && text.includes('not run') && text.includes('not measured'))
  assert.ok(!(none.get('index.html') ?? '').includes('✓ passing'))
})

test('an ADS has the sections of the framework, in order', () => {
  const text = site.get('detections/T1071.002-file-transfer-protocols/ads.md') ?? ''
  const titles = [...text.matchAll(/^## (.*)$/gm)].map((m) => m[1])
  const wanted = [
    'Goal',
    'Categorization',
    'Strategy Abstract',
    'Technical Context',
    'Blind Spots and Assumptions',
    'False Positives',
    'Validation',
    'Priority',
    'Response',
    'Additional Resources',
  ]
  assert.deepEqual(
    titles.filter((t) => wanted.includes(t ?? '')),
    wanted,
  )
})

test('hostile text stays text in an ADS, even where HTML is on', () => {
  for (const [path, text] of poisoned) {
    if (!path.endsWith('ads.md')) continue
    const html = new MarkdownIt({ html: true }).render(text)
    assert.doesNotMatch(html, /<(?:script|img|iframe|svg|details|u|h1 onclick)\b/i)
    assert.doesNotMatch(html, /href="(?!https?:)/i)
  }
})

test('names of downloads are plain, distinct, and no browser runs them', () => {
  const paths = [...poisoned.keys()]
  for (const path of paths) assert.match(path, /^[A-Za-z0-9_][A-Za-z0-9._~-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._~-]*)*$/)
  const files = paths.filter((p) => p.includes('/files/'))
  assert.equal(files.length, 11)
  for (const f of files) assert.match(f, /\.(?:cql|md|yml|txt)$/)
  assert.ok(!files.some((f) => /detection\.yml$|\.case\.md$/.test(f)))
})

test('names that differ only in case, or not at all when made plain, stay apart', () => {
  // Long names are cut at any place, also next to a slash or a dot.
  for (const head of ['/', '../', 'x/'])
    for (const path of distinctNames([
      `${'a'.repeat(40)}${head}${'b'.repeat(180 - head.length)}`,
      `a${head}${'b'.repeat(179)}`,
    ]).values())
      assert.ok(
        path.split('/').every((p) => p !== '' && p !== '..' && p !== '.'),
        path,
      )
  const names = distinctNames(['a b.cql', 'a?b.cql', 'A_B.cql', '../../etc/passwd', '.hidden', ''], { files: true })
  const out = [...names.values()]
  assert.equal(new Set(out.map((n) => n.toLowerCase())).size, 6)
  assert.ok(out.every((n) => !n.split('/').includes('..') && !n.startsWith('.')))
})

test('JSON in a page cannot end its script', () => {
  const text = jsonInScript({ a: HOSTILE }).text
  assert.doesNotMatch(text, /[<>&\u2028\u2029]/)
  assert.deepEqual(JSON.parse(text), { a: HOSTILE })
})

test('only plain web addresses are links', () => {
  assert.equal(
    webAddress('https://attack.mitre.org/techniques/T1071/002/'),
    'https://attack.mitre.org/techniques/T1071/002/',
  )
  const bad = [
    'javascript:alert(1)',
    'JaVaScRiPt:1',
    'java\tscript:1',
    ' https://x',
    'https://x/"onclick=1',
    'data:text/html,x',
    '//x',
    'https://user@x/',
    'vbscript:1',
    'file:///etc/passwd',
    '',
  ]
  for (const address of bad) assert.equal(webAddress(address), undefined, address)
})

test('a page whose headings skip levels is shown without a gap, and its text is not', () => {
  const shown = (text: string) =>
    [
      ...markdown(text, { path: 'playbook.md', prefix: 'p', level: 3, address: () => undefined }).text.matchAll(
        /<(h\d) id="p-([a-z]+)">.*?<\/(h\d)>/g,
      ),
    ].map(([, open, id, close]) => (open === close ? `${open} ${id}` : 'torn'))
  assert.deepEqual(shown('# t\n## a\n#### b\n##### c\n### d\n## e\n'), ['h3 a', 'h4 b', 'h5 c', 'h4 d', 'h3 e'])
  assert.deepEqual(shown('#### a\n## b\n###### c\n'), ['h3 a', 'h3 b', 'h4 c'])
  assert.deepEqual(shown('# a\n## b\n### c\n#### d\n##### e\n###### f\n'), ['h3 b', 'h4 c', 'h5 d', 'h6 e', 'h6 f'])
})

test('signals stand with the validation test that they name, in whatever order', () => {
  const turned = ours().map((e) => ({
    ...e,
    folder: { ...e.folder, pages: e.folder.pages.map((p) => ({ ...p, cases: p.cases.toReversed() })) },
  }))
  const section = (files: ReadonlyMap<string, string>) =>
    /<h2 id="validation">[\s\S]*?<\/section>/.exec(files.get(LOGSCALE) ?? '')?.[0] ?? ''
  const [, ...parts] = section(renderSite(turned, OPTIONS)).split('<h3 id="atomic-')
  const signals = ['scripted ftp client', 'named pipe', 'upload with curl on Linux', 'uploads to a server outside']
  assert.equal(parts.length, 4)
  for (const [i, part] of parts.entries())
    assert.deepEqual(
      signals.filter((s) => part.includes(`>${s}<`)),
      [signals[i]],
    )
  assert.doesNotMatch(section(site), /validates:/)
})

test('a draft says so wherever it is shown', () => {
  const drafts = ours().map((e) => ({
    ...e,
    folder: { ...e.folder, diagnostics: [diagnostic(placeholder, noPlace, { file: 'playbook.md', lines: [3] })] },
  }))
  const draft = renderSite(drafts, OPTIONS)
  for (const page of [LOGSCALE, 'index.html', 'techniques/T1071.002.html'])
    assert.match(draft.get(page) ?? '', /class="pill warn">draft</, page)
  assert.match(draft.get(LOGSCALE) ?? '', /playbook\.md has a placeholder/)
  for (const [path, text] of site) assert.doesNotMatch(text, /class="pill warn">draft</, path)
})

test('an empty catalogue is a site too', () => {
  const empty = renderSite([], OPTIONS)
  assert.match(empty.get('index.html') ?? '', /has no detections/)
  layer.parse(JSON.parse(empty.get('layers/has-a-rule.json') ?? ''))
})
