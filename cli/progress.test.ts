import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { Io } from './io.ts'
import { progress } from './progress.ts'

test('progress in bytes has a rate and the time that is left, each phase by its own time', () => {
  mock.timers.enable({ apis: ['Date'] })
  const lines: string[] = []
  const stderr = { isTTY: true, write: (text: string) => lines.push(text.replace('\r\u001b[K', '')) }
  const meter = progress({ stdout: stderr, stderr } as unknown as Io)
  const after = (ms: number, phase: string, done: number): string | undefined => {
    mock.timers.tick(ms)
    const before = lines.length
    meter.show(phase, done, 4e9)
    return lines[before]
  }
  assert.equal(after(500, 'span', 0), undefined)
  assert.equal(after(1000, 'span', 1e9), 'span 25 % · 1000 MB/s · 3 s left')
  assert.equal(after(50, 'span', 2e9), undefined)
  assert.equal(after(1000, 'scan', 0), 'scan 0 %')
  assert.equal(after(25_000, 'scan', 1e9), 'scan 25 % · 40 MB/s · 1 min 15 s left')
  assert.equal(after(1000, 'query', 0), 'query 0 %')
  mock.timers.reset()
})
