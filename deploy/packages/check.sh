#!/usr/bin/env bash
# Runs packages of nst for Linux in an empty system: a folder as the root that holds the package and the few libraries that it may
# expect (libc, libstdc++, OpenSSL), without a shell, .NET, HOME, network, or a place to write but /work.
#
#   deploy/packages/check.sh FILE.tar.gz|FILE.deb...
#
# Exit code: 0 passed, 1 failed, 77 skipped, with the reason, where no such system can be made.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/nst-check.XXXXXX")
trap 'rm -rf "$work"' EXIT
namespaces=(unshare --mount --pid --fork --net)
[ "$(id -u)" = 0 ] || namespaces+=(--user --map-root-user)
"${namespaces[@]}" true 2>/dev/null || { echo "SKIPPED: namespaces cannot be made here (unshare)" >&2; exit 77; }

# Within the namespaces: nst in the folder $1, which becomes the root, unchanged.
inside() {
  local root=$1 nst=$2
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  local device
  for device in null urandom; do mount --bind "/dev/$device" "$root/dev/$device"; done # which every system has
  mount -o remount,bind,ro "$root"
  mount -t tmpfs -o mode=1777 tmpfs "$root/work"
  cd /
  local chroot user=65534:65534
  chroot=$(command -v chroot)
  run() { timeout 120 env -i "$chroot" ${user:+--userspec=$user} "$root" "$nst" "$@"; }
  run --version >/dev/null 2>&1 || user= # a user's own namespace has no other users
  run --version
  run doctor
  run /samples/content.jpg /samples/style.jpg -o /work/out.png --size 64 --first-iterations 2 -n 1 -q
  [ -s "$root/work/out.png" ] || { echo "FAILED: no picture" >&2; return 1; }
}
if [ "${1:-}" = --inside ]; then inside "$2" "$3"; exit; fi

# Copies the libraries of the system that a file needs, to where the loader looks for them.
libraries() {
  local root=$1 file
  shift
  for file in $(ldd "$@" 2>/dev/null | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/lib.*ld-/ { print $1 }' | sort -u); do
    case $file in "$root"/*) continue ;; esac
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
  done
}

for package in "$@"; do
  echo "== $(basename "$package") in an empty system"
  root=$work/root
  rm -rf "$root"
  mkdir -p "$root"/{proc,work,samples,dev}
  touch "$root"/dev/{null,urandom}
  case $package in
    *.deb) dpkg-deb -x "$package" "$root"; folder=usr/lib/nst nst=/usr/bin/nst ;;
    *) mkdir "$root/nst"; tar -xzf "$package" -C "$root/nst" --strip-components 1; folder=nst nst=/nst/nst ;;
  esac
  cp "$repository"/samples/{content,style}.jpg "$root/samples/"
  libraries "$root" "$root/$folder"/nst "$root/$folder"/*.so*
  for name in libssl.so.3 libcrypto.so.3 libgcc_s.so.1 libstdc++.so.6; do # those that are loaded by name
    file=$(ldconfig -p | awk -v name="$name" '$1 == name && /x86-64/ && !found++ { print $NF }')
    [ -z "$file" ] || { mkdir -p "$root$(dirname "$file")"; cp -L "$file" "$root$file"; }
  done
  "${namespaces[@]}" "$0" --inside "$root" "$nst"
done
