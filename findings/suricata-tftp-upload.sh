#!/usr/bin/env bash
# Suricata 7.0.10 (Debian 12 backports), EVE flow records.
# Guess: bytes_toserver of a flow are what the client of the protocol sent; the upload by TFTP of 192.0.2.10 counts there.
# Seen: TFTP moves to a new port that the server opens (RFC 1350), so the flow with the file has the server as src_ip, the upload stands in
#   bytes_toclient, its app_proto is "failed", and no record ties it to the request: a rule over bytes_toserver sees a download of 184 bytes.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack suricata=1:7.0.10-1~bpo12+1 libhtp2=1:0.5.50-1+deb13u1~bpo12+1
here=$PWD/$(dirname "$0")
cd "$root"
python3 "$here/capture.py" tftp.pcap
cat >suricata.yaml <<'Y'
%YAML 1.1
---
outputs:
  - eve-log: {enabled: yes, filetype: regular, filename: eve.json, types: [flow, tftp]}
app-layer: {protocols: {tftp: {enabled: yes}}}
Y
mkdir log
suricata -c suricata.yaml -r tftp.pcap -l log -k none >/dev/null 2>&1
flow='
import json
for line in open("log/eve.json"):
    e = json.loads(line)
    if e["event_type"] == "flow" and e.get("src_port") == 50001:
        print(e["src_ip"], e["app_proto"], e["flow"]["bytes_toserver"], e["flow"]["bytes_toclient"], "parent_id" in e)'
expect 'the flow with the file' "$(python3 -c "$flow")" '198.51.100.20 failed 184 1172 False'
