import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type QueryOptions, runQuery } from '../../engine/query/run-query.ts'
import { asPrinted, foundGroups, HAS_BYTES, make, mended, query, remove, sameGroups, VENDORS } from './firewalls.ts'

// The prefilter skips lines, as it does in large files.
const [MB, SKIPS] = [2, { fullCheck: 0 }]

for (const format of VENDORS) {
  test(`${format}, ${MB} MB: exactly the planted groups, by connections in the network view, by lines as a tenant counts them`, async () => {
    const made = await make(format, MB)
    try {
      const { truth } = made
      sameGroups(
        foundGroups(await query(made, { view: 'network', ...SKIPS })),
        asPrinted(truth.sessions, HAS_BYTES[format]),
      )
      assert.ok(truth.tenant.length > 0)
      sameGroups(
        foundGroups(await query(made, { query: mended(format), ...SKIPS })),
        asPrinted(truth.tenant, HAS_BYTES[format]),
      )
    } finally {
      remove(made)
    }
  })
}

test('the same connections, seen by five sensors, are the same groups', async () => {
  // A sensor cannot distinguish a denied connection from an unanswered one, so such groups are not compared.
  const seen = async (format: 'asa' | 'fortigate' | 'panos' | 'suricata' | 'zeek') => {
    const made = await make(format, 1)
    try {
      const found = await query(made, { view: 'network' })
      const { rows, columns } = found.table
      assert.ok(rows.length > 0, format)
      // There are rows, so no rule may report a step that never passes. A category that the sensor does not have comes from the view.
      const said = found.diagnostics.filter((d) => ['LNT102', 'LNT106'].includes(d.code))
      assert.deepEqual(
        said.map((d) => d.message).filter((m) => m.includes('_sourceCategory')),
        [],
        format,
      )
      // Sensors have their own category; in the view they have the generic one.
      const supplied = found.diagnostics.find((d) => d.code === 'QIR301')?.message.includes('`_sourceCategory`')
      assert.equal(supplied, false, format)
      const named = ['src_ip', 'dest_ip', 'dest_port', 'Protocol', 'ConnectionCount', 'FirstSeen', 'LastSeen'].map(
        (c) => columns.indexOf(c),
      )
      const unanswered = made.truth.sessions.find((g) => g.why === 'allowed but never answered')?.dst
      return rows
        .filter((r) => !r.includes(unanswered ?? ''))
        .map((r) => JSON.stringify(named.map((i) => r[i])))
        .sort()
    } finally {
      remove(made)
    }
  }
  const panos = await seen('panos')
  assert.ok(panos.length >= 6)
  for (const format of ['asa', 'fortigate', 'suricata', 'zeek'] as const)
    assert.deepEqual(await seen(format), panos, format)
})

test('the tenant: PAN-OS counts start and end rows, and has bytes under other names', async () => {
  const made = await make('panos', 1)
  try {
    const result = await query(made)
    const found = foundGroups(result)
    assert.ok(found.length > made.truth.sessions.length, 'start rows lift groups over the threshold')
    assert.ok(found.every((g) => g.sent === 0 && g.received === 0))
    const absent = result.diagnostics.find((d) => d.code === 'LNT102')
    assert.match(
      absent?.remedy ?? '',
      /`bytes_out`: this telemetry calls it `bytes_sent`: put `\| bytes_sent as bytes_out`/,
    )
  } finally {
    remove(made)
  }
})

test('the tenant: the ASA says Built, and the query asks for built', async () => {
  const made = await make('asa', 1)
  try {
    const result = await query(made)
    assert.equal(result.table.rows.length, 0)
    const values = result.diagnostics.find((d) => d.code === 'QIR404')
    assert.match(values?.remedy ?? '', /did you mean "Built"/)
    const text = result.compiled.source.text.replace('"built"', '"Built"')
    const mended = await query(made, { query: { name: 'mended.sumo', text } })
    const expected = asPrinted(made.truth.sessions, false)
    sameGroups(foundGroups(mended), expected)
  } finally {
    remove(made)
  }
})

test("the tenant: FortiGate's names are not the query's, and the rename is ready to paste", async () => {
  const made = await make('fortigate', 1)
  try {
    const result = await query(made)
    assert.equal(result.table.rows.length, 0)
    const absent = result.diagnostics.find((d) => d.code === 'LNT102')
    assert.match(absent?.remedy ?? '', /\| dstport as dest_port/)
  } finally {
    remove(made)
  }
})

test('network view: intervals side by side share no connection and lose none, in both engines', async () => {
  const made = await make('asa', 0.2)
  try {
    const text = '* | where dest_port in ("443", "445") | count as n, sum(bytes) as b by dest_port, action'
    const counts = async (more: object): Promise<Map<string, bigint>> => {
      const { ok, table } = await query(made, { query: { name: 'q.sumo', text }, view: 'network', ...more })
      assert.ok(ok)
      const at = (row: readonly unknown[], name: string): unknown => row[table.columns.indexOf(name)]
      const number = (cell: unknown): bigint =>
        BigInt(typeof cell === 'object' && cell !== null && 'number' in cell ? String(cell.number) : String(cell ?? 0))
      return new Map(
        table.rows.flatMap((r) =>
          ['n', 'b'].map((name) => [`${at(r, 'dest_port')} ${at(r, 'action')} ${name}`, number(at(r, name))] as const),
        ),
      )
    }
    // Early in the afternoon many connections are open.
    const border = '2026-03-02T13:00:00Z'
    const whole = await counts({})
    for (const engine of ['evaluator', 'duckdb']) {
      const [before, after] = await Promise.all([counts({ engine, to: border }), counts({ engine, from: border })])
      assert.ok(whole.size >= 4)
      for (const [key, n] of whole)
        assert.equal((before.get(key) ?? 0n) + (after.get(key) ?? 0n), n, `${engine} ${key}`)
      assert.ok([...before.keys()].length > 0 && [...after.keys()].length > 0)
    }
  } finally {
    remove(made)
  }
})

/** Columns of a PAN-OS row: their names in the forwarding service, and common names in the payload of a firewall's HTTP profile. */
const PANOS_JSON: Readonly<Record<string, readonly [column: number, strata: string, profile: string]>> = {
  serial: [2, 'DeviceSN', 'serial'],
  type: [3, 'LogType', 'type'],
  subtype: [4, 'Subtype', 'subtype'],
  time: [6, 'TimeGenerated', 'time_generated'],
  src: [7, 'SourceAddress', 'src'],
  dst: [8, 'DestinationAddress', 'dst'],
  user: [12, 'SourceUser', 'srcuser'],
  app: [14, 'Application', 'app'],
  session: [22, 'SessionID', 'sessionid'],
  sport: [24, 'SourcePort', 'sport'],
  dport: [25, 'DestinationPort', 'dport'],
  proto: [29, 'Protocol', 'proto'],
  action: [30, 'Action', 'action'],
  bytes: [31, 'Bytes', 'bytes'],
  sent: [32, 'BytesSent', 'bytes_sent'],
  received: [33, 'BytesReceived', 'bytes_received'],
  start: [35, 'SessionStartTime', 'start'],
  elapsed: [36, 'SessionDuration', 'elapsed'],
  device: [52, 'DeviceName', 'device_name'],
}

for (const spelling of [1, 2] as const) {
  test(`PAN-OS as JSON, ${spelling === 1 ? 'forwarded by the service' : 'from an HTTP profile'}: the network view finds what it finds in rows`, async () => {
    const made = await make('panos', 1)
    try {
      const path = join(made.folder, 'panos.log')
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
      const iso = (t: string): string => `${t.replaceAll('/', '-').replace(' ', 'T')}.000000Z`
      const json = lines.map((line) => {
        const columns = line.slice(line.indexOf(' 1,') + 1).split(',')
        const entries = Object.entries(PANOS_JSON).map(([what, of]) => {
          const text = columns[of[0]] as string
          const isTime = what === 'time' || what === 'start'
          const isNumber = spelling === 1 && /^\d{1,15}$/.test(text) && what !== 'serial'
          return [of[spelling], isTime && spelling === 1 ? iso(text) : isNumber ? Number(text) : text]
        })
        return JSON.stringify(Object.fromEntries(entries))
      })
      writeFileSync(path, `${json.join('\n')}\n`)
      const found = await query(made, { view: 'network' })
      assert.deepEqual(
        found.files.map((f) => f.format),
        ['panos-json'],
      )
      sameGroups(foundGroups(found), asPrinted(made.truth.sessions, true))
    } finally {
      remove(made)
    }
  })
}

test('addresses that are no IPv4 address are counted where a function on addresses drops them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-v6-'))
  try {
    const line = (to: string, port: number): string =>
      `Mar 02 2026 00:00:0${port % 10} fw : %ASA-6-302013: Built outbound TCP connection ${port} for outside:${to}/${port} (${to}/${port}) to inside:10.0.0.5/4000 (192.0.2.1/4000)`
    const lines = [line('45.1.1.1', 21), line('2001:db8::7', 21), line('2001:db8::8', 445), line('2001:db8::9', 80)]
    writeFileSync(join(folder, 'asa.log'), `${lines.join('\n')}\n`)
    const say = async (text: string): Promise<string[]> => {
      const { ok, diagnostics } = await runQuery({ query: { name: 'q.sumo', text }, language: 'sumo', logs: [folder] })
      assert.ok(ok)
      return diagnostics.filter((d) => d.code === 'QIR304').map((d) => d.message)
    }
    const of = 'events were dropped because `dest_ip` is not an IPv4 address'
    const watched = '* | where dest_port in ("21", "445")'
    assert.deepEqual(await say(`${watched} | where !isPrivateIP(dest_ip) | count by dest_ip`), [`2 ${of}`])
    assert.deepEqual(await say('* | where isPublicIP(dest_ip) | count'), [`3 ${of}`])
    assert.deepEqual(await say(`${watched} and isValidIPv4(dest_ip) | where !isPrivateIP(dest_ip) | count`), [])
    assert.deepEqual(await say('* | where dest_port = "80" and !isValidIPv6(dest_ip) | count'), [])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('text of no known format: a query that parses messages reads it line by line, and it is said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-text-'))
  try {
    const path = join(folder, 'gate.txt')
    writeFileSync(path, 'door 7 opened by ann\n\ndoor 9 opened by bob\nno door at all\ndoor 7 closed by ann\n')
    const text = '* | parse "door * * by *" as door, did, who | count by who | sort by who asc'
    const found = await runQuery({ query: { name: 'q.sumo', text }, language: 'sumo', logs: [path] })
    assert.ok(found.ok)
    assert.deepEqual(
      found.table.rows.map((r) => r.map((c) => (typeof c === 'object' && c !== null ? Object.values(c)[0] : c))),
      [
        ['ann', '2'],
        ['bob', '1'],
      ].map((r) => found.table.columns.map((c) => (c === 'who' ? r[0] : r[1]))),
    )
    assert.deepEqual(
      found.diagnostics.filter((d) => d.code.startsWith('LOG')).map((d) => d.code),
      ['LOG208'],
    )
    const stats = found.run?.files[0]?.stats
    assert.deepEqual([stats?.lines, stats?.events, stats?.blank, stats?.bad], [5, 4, 1, 0])
    const within = await runQuery({
      query: { name: 'q.sumo', text: '* | count' },
      language: 'sumo',
      logs: [path],
      from: '2026-01-01T00:00:00Z',
    })
    assert.ok(
      within.diagnostics.some((d) => d.code === 'LOG304'),
      within.diagnostics.map((d) => d.code).join(' '),
    )
    // Any text gives events in CQL too, because an unparsed line is an event in LogScale.
    const other = await runQuery({ query: { name: 'q.cql', text: 'count()' }, language: 'cql', logs: [path] })
    assert.deepEqual([other.ok, other.table.rows], [true, [[{ number: '4' }]]])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('where lines are passed over: strangers, broken and cut lines are counted as where every line is parsed', async () => {
  const made = await make('asa', 2)
  try {
    const path = join(made.folder, 'asa.log')
    const strange = [
      'kernel: no such thing',
      '',
      '{"a": 1}',
      'Mar 02 2026 00:00:01 fw : %AS',
      'Mar 02 2026 00:00:01 web1 sshd[811]: Failed password for ann from 192.0.2.1',
      'Mar 02 2026 00:00:01 fw : %ASA-6-302014: Teard',
    ]
    appendFileSync(path, `${strange.join('\n')}`)
    const counts = async (more: Partial<QueryOptions>) => {
      const { run } = await query(made, { ...SKIPS, ...more })
      const { lines, events, bad, blank, unread } = run?.files[0]?.stats ?? assert.fail('not run')
      assert.equal(lines, events + bad + blank)
      return { lines, bad, blank, unread: unread > 0 }
    }
    const large = await counts({ view: 'network' })
    assert.deepEqual(large, { lines: made.truth.lines + 6, bad: 3, blank: 1, unread: true })
    // A count of all events must read every line.
    const all = await counts({ query: { name: 'q.sumo', text: '* | count by action' } })
    assert.deepEqual(all, { ...large, unread: false })
  } finally {
    remove(made)
  }
})
