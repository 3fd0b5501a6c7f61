#!/usr/bin/env bash
# DuckDB 1.5.6 (npm @duckdb/node-api 1.5.6-r.1), a filter over a subquery that also computes a costly column which the filter does not read.
# Guess: any filter moves below the projection, so that the column is computed for the rows that pass.
# Seen: with regexp_matches, unless its pattern is a plain text, and with try_cast, the column is computed for all rows: ten times the CPU of
# regexp_full_match and regexp_extract, with which it is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save @duckdb/node-api@1.5.6-r.1 >/dev/null
cat >query.mjs <<'J'
import { DuckDBInstance } from '@duckdb/node-api'
const connection = await (await DuckDBInstance.create(':memory:')).connect()
await connection.run("create table t as select 'id' || i as a, repeat('x', 50) || i as b from range(300000) r(i)")
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows()
console.log((await rows('select version()'))[0][0])
for (const test of [
  "a = 'id778'",
  "regexp_matches(a, '^id778$')",
  "regexp_matches(a, '^id7+8$')",
  "regexp_full_match(a, 'id7+8')",
  "regexp_extract(a, '^id(7+8)$', 1) <> ''",
  'try_cast(substr(a, 3) as int) = 778',
]) {
  const sql = `select * from (select a, sha256(b) as h from t) where ${test}`
  const [[, plan]] = await rows(`explain ${sql}`)
  const steps = plan.match(/FILTER|PROJECTION|SEQ_SCAN/g)
  const isLate = steps.indexOf('FILTER') >= 0 && steps.indexOf('FILTER') < steps.indexOf('PROJECTION')
  await rows(sql)
  const before = process.cpuUsage()
  await rows(sql)
  const { user, system } = process.cpuUsage(before)
  console.log(`${isLate ? 'computed for all rows' : 'computed for rows that pass'}: ${test}`)
  console.error(`  ${((user + system) / 1000).toFixed(0)} CPU ms`)
}
J
got=$(node query.mjs)
wanted="v1.5.6
computed for rows that pass: a = 'id778'
computed for rows that pass: regexp_matches(a, '^id778\$')
computed for all rows: regexp_matches(a, '^id7+8\$')
computed for rows that pass: regexp_full_match(a, 'id7+8')
computed for rows that pass: regexp_extract(a, '^id(7+8)\$', 1) <> ''
computed for all rows: try_cast(substr(a, 3) as int) = 778"
printf '%s\n' "$got"
[ "$got" = "$wanted" ] || { printf 'changed; wanted:\n%s\n' "$wanted"; exit 1; }
echo 'as before'
