# An FTP upload that lasts some seconds, and other sessions of the same two hosts meanwhile. Usage: sh upload-beside.sh HOST SERVER FILE
host="$1" server="$2" file="$3"
send() { curl -sS --interface "$host" --insecure --max-time 20 "$@"; }
send --limit-rate 5M -T "$file" "ftp://$server/drop/report.bin" &
upload=$!
sleep 0.7
send -T "$file" "https://$server/report.bin"
for port in 22 445 8443; do
  # The server closes the session when it has the line.
  echo hello | send "telnet://$server:$port" >/dev/null
done
wait "$upload"
