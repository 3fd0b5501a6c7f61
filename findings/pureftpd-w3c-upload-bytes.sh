#!/usr/bin/env bash
# Pure-FTPd 1.0.50 (Debian 12), `-O w3c:FILE` and `-O clf:FILE`.
# Guess: in a W3C log cs-bytes counts what the client sent and sc-bytes what the server sent; an upload of 3,000,000 bytes stands in cs-bytes, and
#   the method is STOR.
# Seen: the log has no column cs-bytes. The upload stands in sc-bytes, like a download, and only the method tells them apart: "[]created" against
#   "[]sent". A rule for uploads over cs-bytes is silent, a rule for downloads counts every upload. The line in the format of web servers has
#   status 200 and the upload as the size of the answer, also when the client broke the upload off and the server answered 426.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack pure-ftpd=1.0.50-2.1+b2
cd "$root"
mkdir home
chown daemon home
printf 'secret\nsecret\n' | pure-pw useradd lab -u daemon -g daemon -d "$root/home" -f passwords >/dev/null
pure-pw mkdb users.pdb -f passwords
cat >transfers.py <<'P'
import ftplib, io, sys, time

ftp = ftplib.FTP()
ftp.connect("127.0.0.1", int(sys.argv[1]), 10)
ftp.login("lab", "secret")
ftp.storbinary("STOR up.bin", io.BytesIO(bytes(3_000_000)))
ftp.retrbinary("RETR up.bin", lambda part: None)
data = ftp.transfercmd("STOR part.bin")
data.sendall(bytes(1_000_000))
time.sleep(0.5)
ftp.sock.sendall(b"ABOR\r\n")
time.sleep(0.5)
data.close()
print(ftp.getmultiline()[:3])
ftp.close()
time.sleep(1)
P
port=42123
for format in w3c clf; do
  pure-ftpd -E -H -u 1 -S "127.0.0.1,$port" -l "puredb:$root/users.pdb" -O "$format:$root/$format" >/dev/null 2>&1 &
  server=$!
  trap 'kill "$server" 2>/dev/null || true; rm -rf "$root"' EXIT
  sleep 2
  expect 'answer to the upload that was broken off' "$(python3 transfers.py "$port")" 426
  kill "$server"
  wait "$server" 2>/dev/null || true
  port=$((port + 1))
done
expect 'columns' "$(grep '^#Fields' w3c)" '#Fields: date time c-ip cs-method cs-uri-stem sc-status cs-username sc-bytes'
expect 'rows' "$(grep -v '^#' w3c | awk '{ print $4, $6, $8 }' | paste -sd,)" '[]created 226 3000000,[]sent 226 3000000,[]created 226 1000000'
expect 'rows as a web server' "$(awk '{ print $6, $(NF - 1), $NF }' clf | paste -sd,)" '"PUT 200 3000000,"GET 200 3000000,"PUT 200 1000000'
