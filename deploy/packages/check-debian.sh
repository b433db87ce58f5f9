#!/usr/bin/env bash
# Installs the .deb with apt in a fresh Debian or Ubuntu of each release, and the archive by install.sh, and runs both there. By hand,
# as root: each release is downloaded (about 60 MB) and takes minutes.
#
#   deploy/packages/check-debian.sh FOLDER [RELEASE...]
#
# FOLDER holds the packages of build.sh. Releases: bookworm and trixie if none is named. For Ubuntu (jammy, noble) NST_DEBIAN_MIRROR names
# its mirror.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- bookworm trixie
version=$(sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' "$repository/Directory.Build.props")
mirror=${NST_DEBIAN_MIRROR:-} # debootstrap's own if empty
work=$(mktemp -d "${TMPDIR:-/tmp}/nst-debian.XXXXXX")
trap 'umount "$work"/*/proc 2>/dev/null || true; rm -rf "$work"' EXIT
for release in "$@"; do
  root=$work/$release
  echo "== $release"
  debootstrap --variant=minbase "$release" "$root" $mirror >"$work/log" 2>&1 || { tail -n 5 "$work/log" >&2; exit 1; }
  mount -t proc proc "$root/proc"
  mkdir -p "$root/packages"
  cp "$folder/nst_${version}_amd64.deb" "$folder/nst-$version-linux-x64.tar.gz" "$folder/SHA256SUMS" "$repository/deploy/packages/install.sh" \
    "$repository"/samples/{content,style}.jpg "$root/packages/"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  if [ -n "${http_proxy:-}" ]; then echo "Acquire::http::Proxy \"$http_proxy\";" >"$root/etc/apt/apt.conf.d/proxy"; fi
  inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "${extra[@]}" chroot "$root" "$@"; }
  extra=()
  inside sh -c 'echo "Debian $(cat /etc/debian_version), $(getconf GNU_LIBC_VERSION)"'
  inside apt-get install -y --no-install-recommends "/packages/nst_${version}_amd64.deb" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
  inside useradd -m painter
  inside setpriv --reuid=painter --regid=painter --clear-groups sh -ec 'cd /tmp; nst --version; nst doctor;
    nst /packages/content.jpg /packages/style.jpg -o deb.png --size 64 -n 1 --first-iterations 2 -q; test -s deb.png'
  extra=(HOME=/home/painter)
  inside setpriv --reuid=painter --regid=painter --clear-groups sh -ec 'cd /tmp; sh /packages/install.sh --from /packages --version '"$version"'
    ~/.local/bin/nst /packages/content.jpg /packages/style.jpg -o archive.png --size 64 -n 1 --first-iterations 2 -q
    cmp deb.png archive.png; sh /packages/install.sh --uninstall; test ! -e ~/.local/lib/nst'
  extra=()
  inside apt-get purge -y nst >"$work/log" 2>&1
  test ! -e "$root/usr/lib/nst"
  umount "$root/proc"
  rm -rf "$root"
done
echo "passed: $*"
