#!/usr/bin/env bash
# ClickHouse 26.7.2 (npm chdb 3.4.0), positiveModulo.
# Guess: positiveModulo(-5, 86400000000), the time of day of an instant before 1970 in microseconds, is 86399999995.
# Seen: over Int64 it is 28909551611, in range and wrong; over Int128 it is right. The divisor has more than 32 bits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save chdb@3.4.0 >/dev/null
cat >query.cjs <<'J'
const { Session } = require('chdb')
const session = new Session()
for (const type of ['Int64', 'Int128'])
  for (const divisor of ['86400', '4000000000', '86400000000'])
    console.log(type, divisor, String(session.query(`select positiveModulo(to${type}(-5), ${divisor})`, 'TSVRaw')).trim())
session.cleanup?.()
J
got=$(node query.cjs)
wanted='Int64 86400 86395
Int64 4000000000 3999999995
Int64 86400000000 28909551611
Int128 86400 86395
Int128 4000000000 3999999995
Int128 86400000000 86399999995'
printf '%s\n' "$got"
[ "$got" = "$wanted" ] || { printf 'changed; wanted:\n%s\n' "$wanted"; exit 1; }
echo 'as before'
