import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayKnowPassword, readAddress } from './address.ts'

test('the password of the environment is for the host that the environment names, with its port', () => {
  const may = (address: string, env: NodeJS.ProcessEnv): boolean => {
    const read = readAddress(address)
    assert.ok(read.ok)
    return mayKnowPassword(read.value, env)
  }
  const secret = { ASSAY_CLICKHOUSE_PASSWORD: 'x', ASSAY_CLICKHOUSE_HOST: 'ch.example.org:8443' }
  assert.equal(may('clickhouses://u@ch.example.org/d/t', secret), true)
  assert.equal(may('clickhouses://u@CH.example.org:8443/d/t', secret), true)
  for (const other of [
    'clickhouse://u@ch.example.org/d/t',
    'clickhouses://u@evil.example.org/d/t',
    'clickhouses://ch.example.org:8444/d/t',
  ])
    assert.equal(may(other, secret), false, other)
  assert.equal(may('clickhouse://u@h/d/t', { ASSAY_CLICKHOUSE_PASSWORD_FILE: 'f' }), false)
  assert.equal(may('clickhouse://u@h/d/t', {}), true)
})
