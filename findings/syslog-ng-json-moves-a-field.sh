#!/usr/bin/env bash
# syslog-ng 3.38.1 (Debian 12), $(format-json).
# Guess: the pairs user=ann and user.id=7 become {"user": "ann", "user.id": "7"}, or one of them is refused or lost.
# Seen: they become {"user": {"id": "7", "user": "ann"}}: where a name with a dot begins with another name, the value of the shorter name moves
#   to a new name, user.user. The same record without user.id has user. A query over user misses exactly the events that say more, and
#   a name that no source ever wrote appears in the data.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack syslog-ng-core=3.38.1-5+deb12u1
export LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$root/usr/lib/syslog-ng:$root/lib/${LD_LIBRARY_PATH##*/}
cd "$root"
cat >relay.conf <<C
@version: 3.38
source s { file("$root/in.log" flags(no-parse) read-old-records(yes)); };
parser pairs { kv-parser(); };
destination d { file("$root/out.json" template("\$(format-json --key user --key user.*)\n") flush-lines(1)); };
log { source(s); parser(pairs); destination(d); };
C
printf 'action=deny user=ann user.id=7\naction=deny user=bob\n' >in.log
syslog-ng -F --no-caps -f relay.conf --module-path "$root/usr/lib/syslog-ng/3.38" --persist-file "$root/state" --pidfile "$root/pid" --control "$root/control" 2>/dev/null &
relay=$!
trap 'kill "$relay" 2>/dev/null || true; rm -rf "$root"' EXIT
touch out.json
for _ in $(seq 100); do
  [ "$(wc -l <out.json)" = 2 ] && break
  sleep 0.1
done
expect 'the record with both names' "$(sed -n 1p out.json)" '{"user":{"id":"7","user":"ann"}}'
expect 'the record with one' "$(sed -n 2p out.json)" '{"user":"bob"}'
