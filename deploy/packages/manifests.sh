#!/usr/bin/env bash
# Fills the manifests of winget and Homebrew and the install script with a release's version, address and checksums.
#
#   deploy/packages/manifests.sh FOLDER ADDRESS
#
# FOLDER holds the packages and SHA256SUMS of build.sh, and receives the files; ADDRESS is where the packages will lie, without
# a slash at the end.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1 address=$2
. "$here/publisher.sh"
version=$(sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' "$here/../../Directory.Build.props")
sum() {
  local found
  found=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$1\$/\1/p" "$folder/SHA256SUMS")
  [ -n "$found" ] || { echo "SHA256SUMS does not list $1" >&2; exit 1; }
  echo "$found"
}
windows=$(sum "nst-$version-win-x64.zip") mac=$(sum "nst-$version-osx-arm64.tar.gz")
for file in install.sh homebrew/nst.rb winget/nst.yaml winget/nst.installer.yaml winget/nst.locale.en-US.yaml; do
  mkdir -p "$folder/$(dirname "$file")"
  sed -e "s|@VERSION@|$version|g" -e "s|@RELEASE@|$address|g" -e "s|@SHA256_WIN@|${windows^^}|g" -e "s|@SHA256_OSX@|$mac|g" \
    -e "s|@WINGET@|$winget|g" -e "s|@PUBLISHER@|$publisher|g" \
    "$here/$file" >"$folder/$file"
done
