// The site in a real browser: requests, reading without a script, by keyboard and on a phone, and hostile text.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type Serving, serve } from '../../engine/site/serve.ts'
import { knownFiles } from '../../tools/known-files.ts'
import { HOSTILE, hostile, OPTIONS, oursAsSite } from '../../web/site-fixtures.ts'
import { renderSite } from '../../web/site.ts'

const CHROMIUM = [
  process.env['ASSAY_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))
const skip = CHROMIUM === undefined ? 'no Chromium: install it, or name it in ASSAY_CHROMIUM' : false
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const LOGSCALE = 'detections/T1071.002-file-transfer-protocols/logscale.html'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const site = oursAsSite()
const poisoned = renderSite(hostile(), { ...OPTIONS, title: HOSTILE })
let browser: Browser
let good: Serving
let bad: Serving

const serving = async (files: ReadonlyMap<string, string>): Promise<Serving> => {
  const server = await serve(() => files, '0')
  assert.ok(server.ok)
  return server.value
}

before(async () => {
  if (CHROMIUM === undefined) return
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.split(' ') })
  good = await serving(site)
  bad = await serving(poisoned)
})
after(async () => {
  await browser?.close()
  await good?.close()
  await bad?.close()
})

interface Seen {
  readonly page: Page
  /** Complaints of the browser: violations of the policy, errors of the script. */
  readonly complaints: string[]
  /** Requested addresses. */
  readonly requests: string[]
}

async function open(options: BrowserContextOptions, work: (seen: Seen) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (m) => complaints.push(m.text()))
  page.on('pageerror', (e) => complaints.push(e.message))
  page.on('dialog', (d) => {
    complaints.push(`dialog ${d.message()}`)
    void d.dismiss()
  })
  page.on('request', (r) => requests.push(r.url()))
  try {
    await work({ page, complaints, requests })
  } finally {
    await context.close()
  }
}

// Code that runs in the page is a text, because this program has no types of a browser.
const VIOLATIONS = `axe.run().then((r) => r.violations.map((v) =>
  [v.id, ...v.nodes.slice(0, 3).map((n) => n.target + ' ' + n.failureSummary)]))`
const CUT_OFF = `[...document.querySelectorAll('pre')].filter((p) =>
  p.scrollHeight > p.clientHeight + 2 || p.scrollWidth > p.clientWidth + 2).length`
const INJECTED = `({
  pwned: 'pwned' in globalThis,
  elements: document.querySelectorAll('img,svg,iframe,object,embed,textarea,base,main script,main style,details[ontoggle],u').length,
  scripts: document.querySelectorAll('script:not([type])').length,
  handlers: [...document.querySelectorAll('*')].filter((e) =>
    [...e.attributes].some((a) => a.name.startsWith('on') || a.name === 'autofocus')).length,
  links: [...document.querySelectorAll('a[href]')].map((a) => a.protocol).filter((p) => !/^https?:$/.test(p)),
})`
interface Feed {
  readonly error: string | null
  readonly entries: number
  readonly updated: string
  readonly links: readonly string[]
}
const FEED = `(text) => {
  const doc = new DOMParser().parseFromString(text, 'application/xml')
  return {
    error: doc.querySelector('parsererror')?.textContent ?? null,
    entries: doc.querySelectorAll('feed > entry').length,
    updated: doc.querySelector('feed > updated')?.textContent,
    links: [...doc.querySelectorAll('entry link')].map((l) => l.getAttribute('href')),
  }
}`

const isPage = (path: string): boolean => path.endsWith('.html')

test('a page asks for itself and nothing else, and breaks no rule of its policy', { skip }, () =>
  open({}, async ({ page, complaints, requests }) => {
    for (const path of [...site.keys()].filter(isPage)) {
      requests.length = 0
      await page.goto(good.url + path)
      assert.deepEqual(requests, [good.url + path])
    }
    assert.deepEqual(complaints, [])
  }),
)

test('without a script everything is there, and nothing that would not work', { skip }, () =>
  open({ javaScriptEnabled: false }, async ({ page }) => {
    await page.goto(good.url + LOGSCALE)
    assert.match((await page.locator('figure.code').first().textContent()) ?? '', /groupBy\(/)
    assert.match((await page.locator('main').textContent()) ?? '', /Contain now/)
    assert.equal(await page.locator('button.copy:visible').count(), 0)
    assert.equal(await page.locator('input[type=search]:visible').count(), 0)
    await page.goto(`${good.url}index.html`)
    assert.equal(await page.locator('.dets > li').count(), 2)
    assert.equal(await page.locator('#found:visible').count(), 0)
  }),
)

test('by keyboard: past the header, to the search, a query copied', { skip }, () =>
  open({ permissions: ['clipboard-read', 'clipboard-write'] }, async ({ page }) => {
    await page.goto(good.url + LOGSCALE)
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.className'), 'skip')
    await page.keyboard.press('Enter')
    await page.waitForFunction("document.activeElement.id === 'main'")
    await page.keyboard.press('/')
    assert.equal(await page.evaluate('document.activeElement.id'), 'q')
    const copy = page.getByRole('button', { name: 'Copy CrowdStrike LogScale query' })
    await copy.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Copied to the clipboard').waitFor({ state: 'attached' })
    const copied = await page.evaluate('navigator.clipboard.readText()')
    assert.equal(copied, site.get('detections/T1071.002-file-transfer-protocols/files/logscale.cql'))
    assert.equal(await page.evaluate("document.activeElement.classList.contains('copy')"), true)
  }),
)

test('the search finds by technique, table and word, from every page', { skip }, () =>
  open({}, async ({ page, complaints }) => {
    const hits = () => page.locator('#hits li').allInnerTexts()
    await page.goto(good.url + LOGSCALE)
    await page.locator('#q').fill('T1048.003 sumo')
    await page.keyboard.press('Enter')
    await page.waitForURL(/index\.html\?q=/)
    assert.equal(await page.locator('#count').textContent(), '2 pages found')
    assert.match((await hits())[0] ?? '', /Data leaving.*Sumo Logic Cloud SIEM · T1048/s)
    assert.match((await hits())[1] ?? '', /Data leaving.*Sumo Logic · T1048/s)
    await page.locator('#q').fill('NamedPipeDetectInfo')
    assert.match((await hits()).join(), /^File transfer protocols to public addresses CrowdStrike LogScale/)
    await page.locator('#q').fill('nothing-has-this-word')
    assert.equal(await page.locator('#count').textContent(), 'Nothing found')
    await page.locator('#q').fill('tftp')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.waitForURL(/detections\//)
    assert.deepEqual(complaints, [])
  }),
)

for (const colorScheme of ['light', 'dark'] as const)
  test(`axe finds nothing, in ${colorScheme}`, { skip }, () =>
    open({ colorScheme }, async ({ page }) => {
      const pages = ['index.html?q=ftp', 'techniques/T1071.html', LOGSCALE]
      for (const address of [
        ...pages.map((p) => good.url + p),
        bad.url + [...poisoned.keys()].find((p) => /sumo\.html$/.test(p)),
      ]) {
        await page.goto(address)
        await page.evaluate(axe)
        const found = await page.evaluate(VIOLATIONS)
        assert.deepEqual(found, [], address)
      }
    }),
  )

test('nothing is wider than a phone', { skip }, () =>
  open({ viewport: { width: 320, height: 700 } }, async ({ page }) => {
    for (const path of ['index.html', 'techniques/T1071.002.html', LOGSCALE]) {
      await page.goto(good.url + path)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 320, path)
    }
  }),
)

test('on paper: no controls, nothing cut off', { skip }, () =>
  open({}, async ({ page }) => {
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 720, height: 1000 })
    await page.goto(good.url + LOGSCALE)
    assert.equal(await page.locator('header.top:visible, .toc:visible, button:visible').count(), 0)
    const cut = await page.evaluate(CUT_OFF)
    assert.equal(cut, 0)
  }),
)

// The policy alone would block all of these. It is switched off to test the escaping.
test('hostile text stays text, even without a policy', { skip }, () =>
  open({ bypassCSP: true }, async ({ page, complaints, requests }) => {
    for (const path of [...poisoned.keys()].filter(isPage)) {
      requests.length = 0
      await page.goto(bad.url + path, { waitUntil: 'load' })
      const found = await page.evaluate(INJECTED)
      assert.deepEqual(found, { pwned: false, elements: 0, scripts: 1, handlers: 0, links: [] }, path)
      assert.deepEqual(requests, [bad.url + path])
    }
    await page.goto(`${bad.url}index.html?q=onerror`)
    assert.equal(await page.locator('#hits img').count(), 0)
    assert.notEqual(await page.locator('#hits li').count(), 0)
    assert.deepEqual(complaints, [])
  }),
)

test('feeds are well-formed XML, whatever they hold', { skip }, () =>
  open({}, async ({ page }) => {
    await page.goto(`${good.url}index.html`)
    const read = (xml: string) => page.evaluate<Feed>(`(${FEED})(${JSON.stringify(xml)})`)
    const feed = await read(site.get('feed.xml') ?? '')
    const days = knownFiles('detections/*/detection.yml').flatMap(
      (f) => /^modified: (\S+)$/m.exec(readFileSync(f, 'utf8'))?.[1] ?? [],
    )
    assert.ok(feed.entries >= days.length)
    assert.deepEqual([feed.error, feed.updated], [null, `${days.sort().at(-1)}T00:00:00Z`])
    for (const link of feed.links) assert.ok(site.has(link), link)
    const hostileFeed = await read(poisoned.get('feed.xml') ?? '')
    assert.equal(hostileFeed.error, null)
    assert.ok(hostileFeed.entries > 0)
  }),
)
