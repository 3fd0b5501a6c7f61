#!/usr/bin/env bash
# sudo 1.9.13p3 (Debian 12): the event log of sudo_logsrvd with log_format = json; sudo writes the same form.
# Guess: a log of JSON has an object for each event, a line each or one after another, and uuid is a UUID.
# Seen: the whole log is one object over many lines, rewritten at its end with each event, and events are members whose names repeat. A JSON
#   parser takes it without complaint and keeps the last accepted and the last rejected command only. The uuid has a group of ten digits first
#   and one of ten last (of 8 and 12), so a check for the usual form refuses it.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack sudo=1.9.13p3-1+deb12u4
export LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$root/usr/lib/sudo:$root/usr/libexec/sudo
cd "$root"
mkdir session
: >session/timing
cat >session/log.json <<'J'
{ "timestamp": { "seconds": 1782032400, "nanoseconds": 0 }, "columns": 80, "lines": 24,
  "command": "/usr/bin/id", "runargv": [ "/usr/bin/id" ], "runcwd": "/root", "runuid": 0, "runuser": "root",
  "submitcwd": "/home/ann", "submithost": "ws1", "submituser": "ann", "ttyname": "/dev/pts/1" }
J
cat >server.conf <<C
[server]
listen_address = 127.0.0.1:42399
pid_file = $root/pid
[iolog]
iolog_dir = $root/iolog
[eventlog]
log_type = logfile
log_format = json
[logfile]
path = $root/events.json
C
sudo_logsrvd -n -f server.conf 2>/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$root"' EXIT
sleep 1
# An accepted command without input and output ends with a complaint after the event is logged.
for _ in 1 2 3; do sudo_sendlog -A -h 127.0.0.1 -p 42399 session >/dev/null 2>&1 || true; done
sudo_sendlog -R 'not allowed' -h 127.0.0.1 -p 42399 session >/dev/null
sleep 1
facts='
import json, re, sys
text = open("events.json").read()
print(len(re.findall("\"accept\": ", text)), len(re.findall("\"reject\": ", text)), *json.loads(text))
print({tuple(map(len, u.split("-"))) for u in re.findall("\"uuid\": \"([^\"]+)\"", text)} == {(10, 4, 4, 4, 10)})'
expect 'members in the text, and what a parser keeps' "$(python3 -c "$facts" | sed -n 1p)" '3 1 accept reject'
expect 'each uuid has groups of 10, 4, 4, 4 and 10' "$(python3 -c "$facts" | sed -n 2p)" True
