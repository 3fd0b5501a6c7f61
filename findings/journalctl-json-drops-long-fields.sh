#!/usr/bin/env bash
# journalctl of systemd 252 (Debian 12), `-o json`.
# Guess: the JSON has what the journal has: a command line of 4,200 characters is a string, and so is one with an escape character.
# Seen: a field whose name, equals sign and value take 4,096 bytes or more is null, with status 0 and nothing on stderr; only --all writes it. A value with an
#   escape character becomes a list of numbers, so a search for its words finds nothing; one with tabs and line feeds stays a string.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack systemd=252.39-1~deb12u2 libsystemd-shared=252.39-1~deb12u2 libsystemd0=252.39-1~deb12u2 systemd-journal-remote=252.39-1~deb12u2
cd "$root"
libraries=${LD_LIBRARY_PATH##*/}
export PATH="$root/bin:$PATH" LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$root/lib/systemd:$root/usr/lib/systemd:$root/lib/$libraries:$root/lib/$libraries/systemd:$root/usr/lib/$libraries/systemd"
cat >write.py <<'P'
import struct, sys

def field(name, value):
    if all(32 <= c < 127 for c in value):
        return name + b"=" + value + b"\n"
    return name + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"

for n, message in enumerate([b"x" * (4096 - len("MESSAGE=") - 1), b"x" * (4096 - len("MESSAGE=")), b"curl \x1b[0m", b"a\tb\nc"], 1):
    head = f"__REALTIME_TIMESTAMP={1796000000000000 + n}\n__MONOTONIC_TIMESTAMP={n}\n_BOOT_ID={'ab' * 16}\n"
    sys.stdout.buffer.write(head.encode() + field(b"MESSAGE", message) + b"\n")
P
python3 write.py >in.export
lib/systemd/systemd-journal-remote -o "$root/lab.journal" in.export 2>/dev/null
expect 'version' "$(journalctl --version | head -n 1)" 'systemd 252 (252.39-1~deb12u2)'
read='
import json, sys
for line in sys.stdin:
    m = json.loads(line)["MESSAGE"]
    print(f"string of {len(m)}" if isinstance(m, str) and len(m) > 9 else json.dumps(m, separators=(",", ":")), end="; ")'
expect 'by default' "$(journalctl --file lab.journal -o json 2>err | python3 -c "$read")" \
  'string of 4087; null; [99,117,114,108,32,27,91,48,109]; "a\tb\nc"; '
expect 'words on stderr' "$(wc -c <err)" 0
expect 'with --all' "$(journalctl --file lab.journal -o json --all | python3 -c "$read")" \
  'string of 4087; string of 4088; [99,117,114,108,32,27,91,48,109]; "a\tb\nc"; '
