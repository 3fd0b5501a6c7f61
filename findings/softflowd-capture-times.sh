#!/usr/bin/env bash
# softflowd 1.1.0 (Debian 12), a capture read with -r and sent to nfcapd 1.7.1 in three versions of NetFlow.
# Guess: the flows have the times of the capture, 2026-06-21, whatever the version.
# Seen: NetFlow counts milliseconds of uptime in 32 bits, and a capture lies before the start of the exporter. In version 5 the flows of an old
#   capture are dated a multiple of 49.7 days too late, in version 9 by 49.7 days more (also those of a capture made an hour ago: in the
#   future). In version 10 flows end before they start. Bytes and ends are right, so nothing looks wrong until events are compared by time.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack softflowd=1.1.0-1+b1 nfdump=1.7.1-2+deb12u1
here=$PWD/$(dirname "$0")
cd "$root"
python3 "$here/capture.py" ftp.pcap
for version in 5 9 10; do
  port=$((42300 + version))
  mkdir "v$version"
  nfcapd -l "v$version" -p "$port" -t 600 >/dev/null 2>&1 &
  collector=$!
  trap 'kill "$collector" 2>/dev/null || true; rm -rf "$root"' EXIT
  sleep 1
  softflowd -r ftp.pcap -n "127.0.0.1:$port" -v "$version" -T full -d >/dev/null 2>&1
  sleep 1
  kill "$collector"
  wait "$collector" || true
done
# Of the control connection: how often 2^32 ms too late, and whether it ends before it starts.
session='
import sys
first, lasted = sys.stdin.read().split("\n")[1].split()[:2]
wraps = (float(first) - 1782032400.01) / 4294967.296
print(round(wraps) if abs(wraps - round(wraps)) < 1e-5 else wraps, "backwards" if lasted.startswith("-") else "forwards")'
read -r late5 order5 <<<"$(nfdump -R v5 -o 'fmt:%tsr %td' 'dst port 21' | python3 -c "$session")"
read -r late9 order9 <<<"$(nfdump -R v9 -o 'fmt:%tsr %td' 'dst port 21' | python3 -c "$session")"
read -r _ order10 <<<"$(nfdump -R v10 -o 'fmt:%tsr %td' 'dst port 21' | python3 -c "$session")"
expect 'version 5 is late by a multiple of 49.7 days' "$([ "$late5" -ge 1 ] && echo yes)" yes
expect 'version 9 by 49.7 days more' "$((late9 - late5))" 1
expect 'start and end in versions 5, 9 and 10' "$order5 $order9 $order10" 'forwards forwards backwards'
