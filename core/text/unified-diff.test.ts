import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unifiedDiff } from './unified-diff.ts'

test('a difference is a patch: no line that the file does not have', () => {
  assert.equal(unifiedDiff('q', 'a\nb\n', 'a\nc\n'), '--- q\n+++ q\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n')
})

test('a last line without an end is noted', () => {
  assert.equal(
    unifiedDiff('q', 'a\nb', 'a\nb\n'),
    '--- q\n+++ q\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n',
  )
})
