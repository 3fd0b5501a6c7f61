import assert from 'node:assert/strict'
import { test } from 'node:test'
import { junitXml } from './junit.ts'

test('failures, skips and hostile texts as XML that a reader takes', () => {
  const base = { page: 'a/<b>.case.md', line: 3, ms: 1500, failures: [] }
  const xml = junitXml(
    [
      { ...base, title: 'fine', status: 'passed' },
      {
        ...base,
        title: 'a "quoted" & <tag> \u0000',
        status: 'failed',
        failures: [{ line: 7, what: 'the rows differ', detail: ['- ]]>'] }],
      },
      { ...base, title: 'later', status: 'todo', reason: 'not yet' },
    ],
    ['error[DET101]: x'],
  )
  assert.match(
    xml,
    /<testsuite name="a\/&lt;b&gt;\.case\.md" tests="3" failures="1" errors="0" skipped="1" time="4\.500">/,
  )
  assert.match(xml, /name="a &quot;quoted&quot; &amp; &lt;tag&gt; \ufffd"/)
  assert.match(
    xml,
    /<failure message="the rows differ">a\/&lt;b&gt;\.case\.md:7: the rows differ\n- \]\]&gt;<\/failure>/,
  )
  assert.match(xml, /<skipped message="not yet"\/>/)
  assert.match(xml, /<error message="error\[DET101\]: x">/)
  assert.doesNotMatch(xml, /[\u0000-\u0008]/)
})
