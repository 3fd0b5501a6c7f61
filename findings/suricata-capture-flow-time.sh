#!/usr/bin/env bash
# Suricata 7.0.10 (Debian 12 backports), a capture read with -r in the default run mode.
# Guess: timestamp of a flow record is when the flow ended or was written, so it is never before flow.start.
# Seen: all flows that are open when the capture ends carry the time of its first packet. Here a transfer that began a minute later is dated a
#   minute before its own start. With --runmode single the time is that of the last packet. A query over windows of time, or one that
#   orders a session's records, takes flows of a capture in the wrong order; flow.start and flow.end are right.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack suricata=1:7.0.10-1~bpo12+1 libhtp2=1:0.5.50-1+deb13u1~bpo12+1
here=$PWD/$(dirname "$0")
cd "$root"
python3 "$here/capture.py" ftp.pcap 3000
etc=$root/etc/suricata
sed -i "s#/etc/suricata/#$etc/#" "$etc/suricata.yaml"
request='
import json, sys
for line in open(sys.argv[1]):
    e = json.loads(line)
    if e["event_type"] == "flow" and e["dest_port"] == 69:
        print(e["timestamp"][11:19], e["flow"]["start"][11:19], e["flow"]["end"][11:19])'
for mode in autofp single; do
  mkdir "$mode"
  suricata --runmode "$mode" -c "$etc/suricata.yaml" -S /dev/null -r ftp.pcap -l "$mode" -k none >/dev/null 2>&1
done
expect 'record, start and end of the request by TFTP, default mode' "$(python3 -c "$request" autofp/eve.json)" '09:00:00 09:01:00 09:01:00'
expect 'the same, one thread' "$(python3 -c "$request" single/eve.json)" '09:01:00 09:01:00 09:01:00'
