#!/usr/bin/env bash
# nfdump 1.7.1 (Debian 12), `-o json`.
# Guess: times in JSON for other programs are UTC, or carry an offset.
# Seen: they are in the zone of the machine that runs nfdump, without an offset, in the form of ISO 8601. The same stored flow, exported in
#   Tokyo and in London, has two times nine hours apart, and the hour in which summer time ends comes twice.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack nfdump=1.7.1-2+deb12u1
here=$PWD/$(dirname "$0")
cd "$root"
python3 "$here/capture.py" flows.pcap
mkdir flows
nfpcapd -r flows.pcap -l flows >/dev/null 2>&1
first() { TZ=$1 nfdump -R flows -o json 'dst port 21' | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["first"])'; }
expect 'start of the session, made at 09:00:00 UTC, in UTC' "$(first UTC)" 2026-06-21T09:00:00.010
expect 'the same flow in Tokyo' "$(first JST-9)" 2026-06-21T18:00:00.010
