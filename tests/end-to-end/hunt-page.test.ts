// The page of a hunt in a real browser: the events on demand, the filter, hostile text, accessibility.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { chromium } from 'playwright-core'
import { huntPage } from '../../web/hunt/page.ts'
import { HOSTILE } from '../../web/site-fixtures.ts'

const CHROMIUM = [process.env['ASSAY_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
)
const skip = CHROMIUM === undefined ? 'no Chromium: install it, or name it in ASSAY_CHROMIUM' : false
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const VIOLATIONS = `axe.run().then((r) => r.violations.map((v) => [v.id, ...v.nodes.slice(0, 3).map((n) => n.target + ' ' + n.failureSummary)]))`
// HOSTILE sets this where it runs.
const INJECTED = `({ pwned: 'pwned' in window, scripts: document.querySelectorAll('script').length, images: document.images.length })`

const page = huntPage({
  version: '0',
  date: '2026-06-21',
  events: 10,
  logs: [{ name: HOSTILE, format: 'json', events: 10 }],
  rules: 3,
  fired: [
    { title: HOSTILE, id: null, level: 'high', techniques: ['T1059.001'], file: HOSTILE, line: 1, findings: 1 },
    { title: 'Second', id: null, level: 'low', techniques: [], file: 'b.yml', line: 1, findings: 1 },
  ],
  silent: [{ reason: 'no event meets their conditions', rules: 1 }],
  stopped: false,
  findings: [0, 1].map((rule) => ({
    rule,
    time: Date.UTC(2026, 5, 21, 9 + rule),
    host: rule === 0 ? HOSTILE : 'HOST',
    user: HOSTILE,
    log: HOSTILE,
    line: 1,
    fields: [[HOSTILE, HOSTILE] as const],
    event: ['Name', HOSTILE, 'Second', `event ${rule}`],
  })),
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the page of a hunt: events on demand, filters, hostile text, axe, in ${colorScheme}`, { skip }, async () => {
    const flags = '--no-sandbox --disable-gpu --no-first-run --disable-background-networking'
    const browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: flags.split(' ') })
    try {
      // The policy alone would block all of it. It is switched off to test the escaping.
      const context = await browser.newContext({ colorScheme, bypassCSP: true, viewport: { width: 400, height: 800 } })
      const seen = await context.newPage()
      const complaints: string[] = []
      seen.on('pageerror', (e) => complaints.push(e.message))
      seen.on('dialog', (d) => {
        complaints.push(d.message())
        void d.dismiss()
      })
      await seen.setContent(page)
      await seen.locator('#list li').first().waitFor()
      assert.equal(await seen.locator('#count').textContent(), '2 of 2 findings shown')
      await seen.getByRole('button', { name: 'Show event' }).first().click()
      await seen.locator('.event').waitFor()
      assert.equal(await seen.locator('.event dd').first().textContent(), HOSTILE)
      await seen.locator('#level').selectOption('high')
      assert.equal(await seen.locator('#count').textContent(), '1 of 1 findings shown')
      await seen.getByRole('button', { name: 'Second' }).click()
      assert.equal(await seen.locator('#count').textContent(), '1 of 1 findings shown')
      assert.match((await seen.locator('#list').textContent()) ?? '', /Second/)
      assert.deepEqual(await seen.evaluate(INJECTED), { pwned: false, scripts: 2, images: 0 })
      await seen.evaluate(axe)
      assert.deepEqual(await seen.evaluate(VIOLATIONS), [])
      assert.ok((await seen.evaluate<number>('document.documentElement.scrollWidth')) <= 400)
      assert.deepEqual(complaints, [])
    } finally {
      await browser.close()
    }
  })
