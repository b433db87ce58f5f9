#!/bin/sh
# Installs nst for this user, on Linux (x64) or macOS (Apple silicon), without root.
#
#   sh install.sh [--from URL|FOLDER] [--version X.Y.Z] [--prefix FOLDER] [--uninstall]
#
# Takes the archive and SHA256SUMS from a release (or another address, or a folder), compares the checksum, unpacks to
# PREFIX/lib/nst and links PREFIX/bin/nst; PREFIX is ~/.local. Manual page and completions go to PREFIX/share. A folder with one
# version needs no --version.
set -eu
from='@RELEASE@' version='@VERSION@' prefix=${HOME:+$HOME/.local} uninstall=

fail() { printf 'install.sh: error: %s\n' "$*" >&2; exit 1; }
while [ $# -gt 0 ]; do
  case $1 in
    --from) from=${2:?--from needs an address or a folder}; shift ;;
    --version) version=${2:?--version needs a version}; shift ;;
    --prefix) prefix=${2:?--prefix needs a folder}; shift ;;
    --uninstall) uninstall=1 ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
case $prefix in /*) ;; *) fail "'$prefix' is not the full path of a folder to install to; give --prefix /FOLDER" ;; esac
files='share/man/man1/nst.1 share/bash-completion/completions/nst share/zsh/site-functions/_nst share/fish/vendor_completions.d/nst.fish'

if [ -n "$uninstall" ]; then
  for file in bin/nst $files; do rm -f "$prefix/$file"; done
  rm -rf "$prefix/lib/nst"
  echo "nst is removed from $prefix; networks remain in ${XDG_DATA_HOME:-${HOME:-}/.local/share}/nst"
  exit 0
fi

case $from in @*) fail 'this copy names no release; give --from URL|FOLDER and --version X.Y.Z' ;; esac
case $(uname -s)-$(uname -m) in
  Linux-x86_64) system=linux-x64 ;;
  Darwin-arm64) system=osx-arm64 ;;
  *) fail "there is no build for $(uname -s) on $(uname -m); there are Linux on x86_64 and macOS on arm64" ;;
esac
if [ "$system" = linux-x64 ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
  fail 'nst needs glibc, which this system has not; use a container (docs/install.md)'
fi
case $version in
  @*) # that of the folder
    set -- "$from"/nst-*-"$system".tar.gz
    [ $# = 1 ] && [ -f "$1" ] || fail "'$from' is no folder with one nst-VERSION-$system.tar.gz; give --version X.Y.Z"
    version=${1##*/nst-} version=${version%"-$system.tar.gz"} ;;
esac
name=nst-$version-$system.tar.gz

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch() {
  case $from in
    *://*)
      if command -v curl >/dev/null; then curl -fsSL --retry 3 -o "$work/$1" "$from/$1"
      elif command -v wget >/dev/null; then wget -q -O "$work/$1" "$from/$1"
      else fail 'needs curl or wget'; fi ;;
    *) cp "$from/$1" "$work/$1" ;;
  esac || fail "'$from/$1' cannot be read"
}
fetch SHA256SUMS
fetch "$name"
expected=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$name\$/\1/p" "$work/SHA256SUMS")
[ -n "$expected" ] || fail "SHA256SUMS does not list $name"
if command -v sha256sum >/dev/null; then actual=$(sha256sum "$work/$name"); else actual=$(shasum -a 256 "$work/$name"); fi
[ "${actual%% *}" = "$expected" ] || fail "the checksum of $name is ${actual%% *} and should be $expected; nothing was installed"

mkdir -p "$prefix/lib" "$prefix/bin"
new=$prefix/lib/.nst-$$
trap 'rm -rf "$work" "$new" "$new.old"' EXIT
rm -rf "$new"
mkdir "$new"
tar -xzf "$work/$name" -C "$new" --strip-components 1
"$new/nst" --version >/dev/null || fail 'the program does not start on this system; nothing was installed'
if [ -e "$prefix/lib/nst" ]; then mv "$prefix/lib/nst" "$new.old"; fi # runs of the earlier version keep their open files
mv "$new" "$prefix/lib/nst"
ln -sf ../lib/nst/nst "$prefix/bin/nst"
for file in $files; do
  mkdir -p "$prefix/$(dirname "$file")"
  cp "$prefix/lib/nst/$file" "$prefix/$file"
done
echo "nst $version is in $prefix/lib/nst, and linked as $prefix/bin/nst; 'nst doctor' examines this machine"
case :$PATH: in *:"$prefix/bin":*) ;; *) echo "add it to your PATH: export PATH=\"$prefix/bin:\$PATH\"" ;; esac
