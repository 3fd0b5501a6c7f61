#!/usr/bin/env bash
# argus 3.0.8.2 and ra (Debian 12), `ra -n -c ,`.
# Guess: a CSV of flows says when they were, and SAppBytes, asked for with -s, counts what the client's application sent: 14,000 bytes of an upload.
# Seen: StartTime is a time of day without a date, so a file of several days cannot be put in order, and a clock zone is not said either. SAppBytes
#   is 0, not empty, unless the sensor ran with -A, so a rule over uploaded bytes is silent. Dir keeps the blanks of the table inside
#   the commas, so `Dir = "->"` is never true.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack argus-server=2:3.0.8.2-2.2 argus-client=1:3.0.8.2-6.1+b3
here=$PWD/$(dirname "$0")
cd "$root"
python3 "$here/capture.py" upload.pcap
argus -r upload.pcap -w plain.argus
argus -A -r upload.pcap -w counted.argus
columns=(-s stime saddr dir dport sbytes sappbytes)
upload() { ra -r "$1" -n -c , "${columns[@]}" - dst port 51210 | tail -n 1; }
export TZ=UTC
expect 'columns' "$(ra -r plain.argus -n -c , "${columns[@]}" | head -n 1)" 'StartTime,SrcAddr,Dir,Dport,SrcBytes,SAppBytes'
expect 'the upload' "$(upload plain.argus)" '09:00:00.310000,192.0.2.10,   ->,51210,14756,0'
expect 'the upload, recorded with -A' "$(upload counted.argus)" '09:00:00.310000,192.0.2.10,   ->,51210,14756,14000'
