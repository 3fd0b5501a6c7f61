#!/usr/bin/env bash
# ausearch of auditd 3.0.9 (Debian 12), `--format csv`.
# Guess: a comma or a quote in a file name is quoted, as in RFC 4180; the raw log is careful and writes such a name in hexadecimal.
# Seen: the name stands bare in the line. A file called `a, "b".txt` gives a row one column longer than the header, so every column behind it
#   moves, and OBJ_KIND is `1`. Dates have a year of two digits. The raw log has neither trap.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack auditd=1:3.0.9-1 libauparse0=1:3.0.9-1 libaudit1=1:3.0.9-1
export LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$root/lib/${LD_LIBRARY_PATH##*/}"
cd "$root"
record() {
  local stamp="msg=audit(1782032400.00$1:$1)"
  echo "type=SYSCALL $stamp: arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd a2=241 a3=1b6 items=1 ppid=1 pid=101 auid=4294967295 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm=\"curl\" exe=\"/usr/bin/curl\" key=\"upload\""
  echo "type=CWD $stamp: cwd=\"/srv\""
  echo "type=PATH $stamp: item=0 name=$2 inode=1 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=CREATE cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
}
{
  record 1 '"/srv/plain.txt"'
  record 2 "$(printf '/srv/a, "b".txt' | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)"
} >audit.log
export TZ=UTC
rows=$(sbin/ausearch -if audit.log --format csv 2>/dev/null)
expect 'columns of each line' "$(awk -F, '{ print NF }' <<<"$rows" | paste -sd' ')" '16 16 17'
expect 'the second row' "$(tail -n 1 <<<"$rows" | cut -d, -f3,4,13-)" '06/21/26,09:00:00,/srv/a, "b".txt,1,file,/usr/bin/curl'
