import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Frames, isCounted } from './frames.ts'

/** The messages, fed in pieces of a size. */
function cut(text: string, size: number): { messages: string[]; wrong: number } {
  const messages: string[] = []
  let wrong = 0
  const frames = new Frames({ frame: (m) => messages.push(m.toString()), wrongCount: () => wrong++ }, 1 << 20)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) frames.feed(bytes.subarray(at, at + size))
  frames.end()
  return { messages, wrong }
}

const counted = (message: string, by = 0): string => `${Buffer.byteLength(message) + by} ${message}`

test('the count decides, with or without line feeds, in pieces of any size', () => {
  const messages = ['<13>1 one\nline two é', '<13>1 two 5 <6> x', '<14>1 three']
  for (const between of ['', '\n', '\r\n']) {
    const text = messages.map((m) => counted(m)).join(between)
    assert.ok(isCounted(Buffer.from(text)))
    for (const size of [1, 7, 1000]) assert.deepEqual(cut(text, size), { messages, wrong: 0 })
  }
})

test('counts that lie cost no other message', () => {
  const messages = ['<13>1 one\nline two', '<13>1 two', '<14>1 three']
  // With 1, the count includes the line feed.
  for (const by of [-3, -1, 1, 3]) {
    const text = messages.map((m, i) => counted(m, i === 0 ? by : 0)).join('\n')
    assert.ok(isCounted(Buffer.from(text)), text)
    for (const size of [1, 1000])
      assert.deepEqual(cut(text, size), { messages, wrong: by === 1 ? 0 : 1 }, `${by} in pieces of ${size}`)
  }
  const far = [counted('<13>1 one'), '9999999 <13>1 two', counted('<14>1 three')].join('\n')
  assert.deepEqual(cut(far, 1000).messages, ['<13>1 one', '<13>1 two', '<14>1 three'])
})

test('ordinary lines are not counted', () => {
  for (const text of ['<13>1 a', '5 apples', '12 <13>1 a line that is much longer than its count says\n<13>1 b'])
    assert.equal(isCounted(Buffer.from(text)), false, text)
})
