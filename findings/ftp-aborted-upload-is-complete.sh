#!/usr/bin/env bash
# vsftpd 3.0.3 and ProFTPD 1.3.8 (Debian 12), TransferLog in the format of xferlog.
# Guess: the last letter tells a whole transfer (c) from one that was broken off (i); ABOR, the command that breaks an upload off, gives i.
# Seen: in FTP the end of the data connection is the end of the file. After a third of the file the client sends ABOR and closes the data
#   connection: both servers log c, vsftpd's own log says OK UPLOAD, and the ProFTPD log has status 226. Only a reset of the connection gives i.
#   So c never says that the whole file arrived. Both also write a blank in the file name as _ in xferlog, though the file on the disk has the blank.
set -euo pipefail
. "$(dirname "$0")/debian.bash"
unpack vsftpd=3.0.3-13+b2 proftpd-core=1.3.8+dfsg-4+deb12u5
cd "$root"
mkdir -p empty ftp/in
chmod 777 ftp/in
cat >vsftpd.conf <<C
listen=YES
listen_port=42121
listen_address=127.0.0.1
anonymous_enable=YES
write_enable=YES
anon_upload_enable=YES
anon_root=$root/ftp
ftp_username=daemon
secure_chroot_dir=$root/empty
seccomp_sandbox=NO
xferlog_enable=YES
dual_log_enable=YES
xferlog_file=$root/vsftpd.xferlog
vsftpd_log_file=$root/vsftpd.log
C
cat >proftpd.conf <<C
ServerName lab
ServerType standalone
Port 42122
UseIPv6 off
DefaultAddress 127.0.0.1
User daemon
Group daemon
PidFile $root/proftpd.pid
ScoreboardFile $root/proftpd.scores
SystemLog $root/proftpd.system
TransferLog $root/proftpd.xferlog
WtmpLog off
DelayEngine off
LogFormat status "%m %s %b"
ExtendedLog $root/proftpd.log WRITE status
<Anonymous $root/ftp>
  User daemon
  Group daemon
  UserAlias anonymous daemon
  RequireValidShell off
</Anonymous>
C
cat >upload.py <<'P'
import ftplib, socket, struct, sys, time

port, how = int(sys.argv[1]), sys.argv[2]
ftp = ftplib.FTP()
ftp.connect("127.0.0.1", port, 10)
ftp.login()
ftp.cwd("/in")
ftp.voidcmd("TYPE I")
data = ftp.transfercmd(f"STOR {how} {port}.bin")
data.sendall(bytes(3_000_000 if how == "whole" else 1_000_000))
if how == "whole":
    data.close()
    ftp.voidresp()
else:
    time.sleep(0.5)
    if how == "reset":
        data.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        ftp.sock.sendall(b"ABOR\r\n")
        time.sleep(0.5)
    data.close()
    ftp.getmultiline()
ftp.close()
time.sleep(1)
P
vsftpd vsftpd.conf >/dev/null 2>&1 &
servers=($!)
proftpd -n -c "$root/proftpd.conf" >/dev/null 2>&1 &
servers+=($!)
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$root"' EXIT
sleep 3
for port in 42121 42122; do
  for how in whole abort reset; do python3 upload.py "$port" "$how"; done
done
transfers='{ n = split($9, path, "/"); printf "%s%s:%s:%s", (NR > 1 ? " " : ""), path[n], $8, $NF }'
expect 'xferlog of vsftpd' "$(awk "$transfers" vsftpd.xferlog)" \
  'whole_42121.bin:3000000:c abort_42121.bin:1000000:c reset_42121.bin:1000000:i'
expect 'xferlog of ProFTPD' "$(awk "$transfers" proftpd.xferlog)" \
  'whole_42122.bin:3000000:c abort_42122.bin:1000000:c reset_42122.bin:1000000:i'
expect 'own log of vsftpd' "$(grep -o '[A-Z]* UPLOAD' vsftpd.log | paste -sd,)" 'OK UPLOAD,OK UPLOAD,FAIL UPLOAD'
expect 'own log of ProFTPD' "$(paste -sd, proftpd.log)" 'STOR 226 3000000,STOR 226 1000000,STOR 426 1000000'
expect 'files on the disk' "$(cd ftp/in && printf '%s,' whole*)" 'whole 42121.bin,whole 42122.bin,'
