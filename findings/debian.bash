# unpack NAME=VERSION…: the packages, and libraries of theirs that the system lacks, into $root; their programs are found first.
root=$(mktemp -d)
chmod 755 "$root"
trap 'rm -rf "$root"' EXIT
quiet=(--no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances)

unpack() {
  local names=("$@") package library
  for package in "$@"; do
    for library in $(apt-cache depends --recurse --important "${quiet[@]}" "${package%%=*}" | grep '^lib' | sort -u); do
      dpkg -s "$library" >/dev/null 2>&1 || names+=("$library")
    done
  done
  mkdir -p "$root/debs"
  (cd "$root/debs" && chmod 777 . && apt-get download -qq "${names[@]}")
  for package in "$root"/debs/*.deb; do dpkg -x "$package" "$root"; done
  export PATH="$root/usr/bin:$root/usr/sbin:$PATH"
  export LD_LIBRARY_PATH="$root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch)"
}

# expect WHAT GOT WANTED
expect() {
  if [ "$2" != "$3" ]; then
    printf 'changed: %s\n  wanted: %s\n  got:    %s\n' "$1" "$3" "$2"
    exit 1
  fi
  printf 'as before: %s: %s\n' "$1" "$2"
}
