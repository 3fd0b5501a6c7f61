#!/usr/bin/env bash
# Installs what the lab runs: Debian's packages, Suricata from Debian's backports. Root on Debian 12 or later.
# Debian lets only one FTP server and one system logger be installed, so the second of a kind is unpacked beside it, into $1.
set -euo pipefail
root="${1:?usage: lab/install.sh FOLDER}"
export DEBIAN_FRONTEND=noninteractive

# Nothing that is installed here is started: the lab starts its own copies inside its namespaces.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi

. /etc/os-release
apt-get update -q
if ! apt-cache policy suricata | grep -q 'Candidate: [0-9]'; then
  mirror=$(apt-cache policy | awk -v suite="$VERSION_CODENAME/main" '$3 == suite { print $2; exit }')
  echo "deb $mirror $VERSION_CODENAME-backports main" >/etc/apt/sources.list.d/assay-lab-backports.list
  apt-get update -q
fi
apt-get install -qy --no-install-recommends iproute2 ethtool openssl curl tnftp tftp-hpa smbclient \
  vsftpd tftpd-hpa samba softflowd nfdump argus-server argus-client tcpdump tshark rsyslog
apt-get install -qy --no-install-recommends -t "$VERSION_CODENAME-backports" suricata

mkdir -p "$root"
cd "$root"
for package in proftpd-core pure-ftpd syslog-ng-core; do
  [ -d "$package" ] && continue
  mkdir -p "debs-$package"
  # The package and those of its libraries that are not installed.
  names=$(apt-get install -s --no-install-recommends "$package" | awk '/^Inst/ { print $2 }' | grep -E "^(lib|$package|pure-ftpd)")
  (cd "debs-$package" && apt-get download -q $names)
  for deb in "debs-$package"/*.deb; do dpkg -x "$deb" "$package"; done
  rm -r "debs-$package"
done
