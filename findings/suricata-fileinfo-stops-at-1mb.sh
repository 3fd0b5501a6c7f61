#!/usr/bin/env bash
# Suricata 7.0.10 (Debian 12 backports), EVE records of files, with the package's own configuration (stream depth 1 MB).
# Guess: fileinfo.size of an upload by FTP is its size, 4,200,000 bytes, or the record has no size if the engine did not see all of it.
# Seen: the size is 1,047,200, the part that fitted into the depth, and gaps is false. Only the state TRUNCATED tells. The record is written
#   when the depth is reached, while the upload goes on. A rule for files above 10 MB never fires, a sum of sizes counts each file up to 1 MB;
#   the flow has all 4,362,216 bytes.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack suricata=1:7.0.10-1~bpo12+1 libhtp2=1:0.5.50-1+deb13u1~bpo12+1
here=$PWD/$(dirname "$0")
cd "$root"
python3 "$here/capture.py" ftp.pcap 3000
etc=$root/etc/suricata
sed -i "s#/etc/suricata/#$etc/#" "$etc/suricata.yaml"
expect 'depth in the configuration' "$(awk '/^stream:/ { inside = 1 } inside && /depth:/ { print $2; exit }' "$etc/suricata.yaml")" 1mb
mkdir log
# One thread: with several, some runs do not tie the data connection to its session, and then there is no record of the file.
suricata --runmode single -c "$etc/suricata.yaml" -S /dev/null -r ftp.pcap -l log -k none >/dev/null 2>&1
records='
import json
for line in open("log/eve.json"):
    e = json.loads(line)
    if e["event_type"] in ("fileinfo", "flow") and e["src_port"] == 40001:
        f = e.get("fileinfo")
        print(*([f["size"], f["state"], f["gaps"]] if f else ["flow", e["flow"]["bytes_toserver"]]))'
expect 'the file and its flow' "$(python3 -c "$records" | paste -sd,)" '1047200 TRUNCATED False,flow 4362216'
