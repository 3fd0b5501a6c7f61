#!/usr/bin/env bash
# ClickHouse 26.7.2 (npm chdb 3.4.0), replaceRegexpAll.
# Guess: `a` and `[a]` are the same pattern, so a replacement gives the same text with both.
# Seen: a pattern without special characters is replaced as a plain text, and then the escapes of the replacement are not read: `\\` (one
#   backslash, as documented) becomes two. Over a constant both agree, over a column they do not, so a try in a console shows nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save chdb@3.4.0 >/dev/null
cat >query.cjs <<'J'
const { Session } = require('chdb')
const session = new Session()
const ask = (text) => String(session.query(text, 'TSVRaw')).trim()
const by = String.raw`'x\\\\'`
console.log(ask('select version()'))
console.log(ask(`select replaceRegexpAll('a.b', 'a', ${by}), replaceRegexpAll('a.b', '[a]', ${by})`))
console.log(ask(`select replaceRegexpAll(c, 'a', ${by}), replaceRegexpAll(c, '[a]', ${by}) from (select materialize('a.b') as c)`))
session.cleanup?.()
J
got=$(node query.cjs)
wanted=$'26.7.2.1\nx\\.b\tx\\.b\nx\\\\.b\tx\\.b'
printf '%s\n' "$got"
[ "$got" = "$wanted" ] || { printf 'changed; wanted:\n%s\n' "$wanted"; exit 1; }
echo 'as before'
