#!/usr/bin/env bash
# nfdump 1.7.1 (Debian 12), `-o json`.
# Guess: a filter that no flow passes gives an empty array, and the exit status says nothing went wrong.
# Seen: the status is 0, and the text between the brackets is the sentence "No matching flows", so no JSON reader takes the file.
#   A collector that exports quiet hours this way writes files that are broken exactly when nothing happened.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack nfdump=1.7.1-2+deb12u1
cd "$root"
python3 "$OLDPWD/$(dirname "$0")/capture.py" flows.pcap
mkdir flows
nfpcapd -r flows.pcap -l flows >/dev/null 2>&1
nfdump -R flows -o json 'port 21' >some.json
expect 'flows of port 21 are JSON' "$(python3 -c 'import json; print(len(json.load(open("some.json"))) > 0)')" True
status=0
nfdump -R flows -o json 'port 9999' >none.json || status=$?
expect 'status without a flow' "$status" 0
expect 'text without a flow' "$(tr -d '\n\t ' <none.json)" '[Nomatchingflows]'
