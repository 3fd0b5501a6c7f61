#!/usr/bin/env bash
# ClickHouse 26.7.2 (npm chdb 3.4.0), compiled expressions over Int128.
# Guess: a setting that compiles expressions to machine code changes speed and no result.
# Seen: least(greatest(x, -5), 7) over Int128 is 7 for every x below 7 once it is compiled: the inner result is compared without its sign.
#   An expression is compiled after it was used three times (the default), so a dashboard is right at first and wrong later.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save chdb@3.4.0 >/dev/null
cat >query.cjs <<'J'
const { Session } = require('chdb')
const session = new Session()
const clamp = 'least(greatest(x, toInt128(-5)), toInt128(7))'
for (const compile of [0, 1])
  console.log(
    String(
      session.query(
        `select groupArray(${clamp}) from (select toInt128(number) * 3 - 6 as x from numbers(5)) ` +
          `settings compile_expressions = ${compile}, min_count_to_compile_expression = 0`,
        'TSVRaw',
      ),
    ).trim(),
  )
session.cleanup?.()
J
got=$(node query.cjs)
wanted=$'[-5,-3,0,3,6]\n[7,7,7,7,7]'
printf '%s\n' "$got"
[ "$got" = "$wanted" ] || { printf 'changed; wanted:\n%s\n' "$wanted"; exit 1; }
echo 'as before'
