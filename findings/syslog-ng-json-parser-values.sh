#!/usr/bin/env bash
# syslog-ng 3.38.1 (Debian 12): json-parser(), written again with $(format-json).
# Guess: null stays null or is left out, a list stays a list, 1.10 stays a number with its digits.
# Seen: null becomes an empty text, so a test for presence is true where the source said that there is no value. A list of texts becomes one
#   text with commas, and ["a,b","c"] and ["a","b","c"] are equal behind the relay; a list with an object becomes its JSON as
#   text. 1.10 becomes "1.100000", and an empty object is gone.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack syslog-ng-core=3.38.1-5+deb12u1
export LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$root/usr/lib/syslog-ng:$root/lib/${LD_LIBRARY_PATH##*/}
cd "$root"
cat >relay.conf <<C
@version: 3.38
source s { file("$root/in.log" flags(no-parse) read-old-records(yes)); };
parser json { json-parser(prefix("j.")); };
destination d { file("$root/out.json" template("\$(format-json --key j.* --shift-levels 1)\n") flush-lines(1)); };
log { source(s); parser(json); destination(d); };
C
cat >in.log <<'J'
{"error":null}
{"groups":["a,b","c"]}
{"groups":["a","b","c"]}
{"ports":[1,{"a":2}]}
{"score":1.10}
{"more":{},"n":1}
J
touch out.json
syslog-ng -F --no-caps -f relay.conf --module-path "$root/usr/lib/syslog-ng/3.38" --persist-file "$root/state" --pidfile "$root/pid" --control "$root/control" 2>/dev/null &
relay=$!
trap 'kill "$relay" 2>/dev/null || true; rm -rf "$root"' EXIT
for _ in $(seq 100); do
  [ "$(wc -l <out.json)" = 6 ] && break
  sleep 0.1
done
wanted='{"error":""}
{"groups":"a,b,c"}
{"groups":"a,b,c"}
{"ports":"[1,{\"a\":2}]"}
{"score":"1.100000"}
{"n":"1"}'
expect 'the records behind the relay' "$(cat out.json)" "$wanted"
