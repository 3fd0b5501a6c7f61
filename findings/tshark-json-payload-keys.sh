#!/usr/bin/env bash
# tshark 4.0.17 (Debian 12), `-T json`.
# Guess: the keys of a dissected packet are the dissector's field names, and what a peer sent is in the values.
# Seen: the command line of an FTP client, as sent, is a key: {"USER ann\\r\\n": {"ftp.request.command": "USER"}}. So a peer chooses keys of
#   the log, and a reader that makes a column of each key has as many columns as there are different commands.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack tshark=4.0.17-0+deb12u3 wireshark-common=4.0.17-0+deb12u3
cd "$root"
python3 "$OLDPWD/$(dirname "$0")/capture.py" ftp.pcap
tshark -r ftp.pcap -Y 'ftp.request.command == "USER"' -T json 2>/dev/null >user.json
keys='import json; print([k for k in json.load(open("user.json"))[0]["_source"]["layers"]["ftp"] if not k.startswith("ftp.")])'
expect 'keys that are no names of fields' "$(python3 -c "$keys")" "['USER ann\\\\r\\\\n']"
