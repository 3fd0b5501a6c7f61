#!/usr/bin/env bash
# nfdump 1.7.1 (Debian 12), sums by `-A dstip`.
# Guess: with -o json and -o csv each sum has its destination, packets and bytes, and what the aggregation gave up is absent or empty.
# Seen: in JSON a sum is an object without address, packets or bytes: nothing but its type and three constants. In CSV what was given up is
#   filled: every row has 0.0.0.0 as its source, port 0 and protocol 0, and was received on 1970-01-01. A filter for sources that are no
#   internal addresses passes rows of which nobody knows the source. Only the time of receipt tells them from flows.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack nfdump=1.7.1-2+deb12u1
here=$PWD/$(dirname "$0")
cd "$root"
python3 "$here/capture.py" flows.pcap
mkdir flows
nfpcapd -r flows.pcap -l flows >/dev/null 2>&1
nfdump -R flows -A dstip -o csv >sums.csv
rows='
import csv
rows = [r for r in csv.DictReader(open("sums.csv")) if (r["te"] or "").startswith("2026")]
for r in sorted(rows, key=lambda r: r["da"]):
    print(r["sa"], r["sp"], r["da"], r["dp"], r["pr"], r["ibyt"], r["tr"][:10])'
expect 'sums by destination, CSV' "$(python3 -c "$rows" | paste -sd,)" \
  '0.0.0.0 0 192.0.2.10 0 0 1287 1970-01-01,0.0.0.0 0 198.51.100.20 0 0 16421 1970-01-01'
keys='import json, sys; print(*sorted({" ".join(sorted(sum)) for sum in json.load(sys.stdin)}), sep=",")'
expect 'the names of each sum, JSON' "$(nfdump -R flows -A dstip -o json | python3 -c "$keys")" 'export_sysid label sampled type'
