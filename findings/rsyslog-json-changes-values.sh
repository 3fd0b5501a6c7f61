#!/usr/bin/env bash
# rsyslog 8.2302.0 with libfastjson 1.2304.0 (Debian 12): mmjsonparse, written again as $!all-json.
# Guess: a relay that parses JSON and writes it again keeps names and values, or says what it cannot keep.
# Seen: names that differ in case only are one: of "user" and "User" the first name stays, with the second value. Whole numbers from 2^63 on become
#   9223372036854775807, so different ids become equal. A text ends at \u0000. Nothing is logged. A rule over User is silent behind the relay,
#   and one over user looks at the other account.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack rsyslog=8.2302.0-1+deb12u2 libfastjson4=1.2304.0-1
cd "$root"
modules=$root/usr/lib/$(basename "$LD_LIBRARY_PATH")/rsyslog
cat >relay.conf <<C
module(load="imfile")
module(load="mmjsonparse")
global(workDirectory="$root")
template(name="json" type="string" string="%\$!all-json%\n")
input(type="imfile" file="$root/in.log" tag="in" ruleset="relay")
ruleset(name="relay") {
  action(type="mmjsonparse" cookie="")
  action(type="omfile" file="$root/out.json" template="json")
}
C
cat >in.log <<'J'
{"user":"ann","User":"bob"}
{"id":18446744073709551615}
{"id":9223372036854775808}
{"command":"a\u0000b"}
J
touch out.json
rsyslogd -n -f relay.conf -i "$root/pid" -M "$modules" >messages 2>&1 &
relay=$!
trap 'kill "$relay" 2>/dev/null || true; rm -rf "$root"' EXIT
for _ in $(seq 100); do
  [ "$(wc -l <out.json)" = 4 ] && break
  sleep 0.1
done
records='
import json
for line in open("out.json"):
    record = json.loads(line)
    record.pop("metadata")
    print(json.dumps(record))'
wanted='{"user": "bob"}
{"id": 9223372036854775807}
{"id": 9223372036854775807}
{"command": "a"}'
expect 'the records behind the relay' "$(python3 -c "$records")" "$wanted"
expect 'what it says' "$(cat messages)" ''
