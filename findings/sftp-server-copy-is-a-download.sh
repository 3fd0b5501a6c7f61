#!/usr/bin/env bash
# sftp-server of OpenSSH 9.2 (Debian 12), `-l INFO`.
# Guess: "close … bytes read N" means that N bytes went to the client, and the log names the whole path of a file.
# Seen: `cp` inside a session (the extension copy-data) moves nothing over the network, and the log has a read of the source and a write of the copy:
#   the same lines as a download and an upload. An upload by scp, which speaks SFTP since 9.0, is logged under the relative name that the client sent;
#   no line has the folder, and its flags lack the TRUNCATE that an upload by sftp has.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack openssh-client=1:9.2p1-2+deb12u10 openssh-sftp-server=1:9.2p1-2+deb12u10
cd "$root"
mkdir home
cat >server <<S
#!/bin/sh
cd "$root/home" && exec "$root/usr/lib/openssh/sftp-server" -e -l INFO 2>>"$root/log"
S
chmod +x server
head -c 1000 /dev/zero >file.bin
printf 'put file.bin up.bin\ncp up.bin copy.bin\n' >commands
sftp -q -D ./server -b commands lab >/dev/null
files="$(tr -d '\r' <log | grep -E '^(open|close)' | sed "s#$root/home#HOME#" | paste -sd,)"
expect 'an upload, then a copy on the server' "$files" \
  'open "HOME/up.bin" flags WRITE,CREATE,TRUNCATE mode 0644,close "HOME/up.bin" bytes read 0 written 1000,open "HOME/up.bin" flags READ mode 0666,open "HOME/copy.bin" flags WRITE,CREATE,TRUNCATE mode 0644,close "HOME/up.bin" bytes read 1000 written 0,close "HOME/copy.bin" bytes read 0 written 1000'
rm log
scp -q -D ./server file.bin lab:scp.bin
expect 'an upload by scp' "$(tr -d '\r' <log | grep -E '^(open|close)' | paste -sd,)" 'open "scp.bin" flags WRITE,CREATE mode 0644,close "scp.bin" bytes read 0 written 1000'
