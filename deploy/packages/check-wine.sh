#!/usr/bin/env bash
# Runs the archive for Windows under Wine, as far as Wine goes: what needs neither libtorch nor libvips. By hand.
#
#   deploy/packages/check-wine.sh nst-VERSION-win-x64.zip
#
# Exit code: 0 passed, 1 failed, 77 skipped, with the reason.
set -euo pipefail
command -v wine >/dev/null || { echo "SKIPPED: wine is not installed" >&2; exit 77; }
work=$(mktemp -d "${TMPDIR:-/tmp}/nst-wine.XXXXXX")
trap 'WINEPREFIX=$work/prefix wineserver -k 2>/dev/null || true; rm -rf "$work"' EXIT
unzip -q "$1" -d "$work"
program=$(echo "$work"/nst-*/nst.exe)
export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEDLLOVERRIDES=mshtml=
wineboot -i >/dev/null 2>&1
cd "$work"
failed=0
# The expected exit code, words of the output, and the arguments.
expect() {
  local code=0 wanted=$1 words=$2
  shift 2
  timeout 300 wine "$program" "$@" >"$work/out" 2>&1 || code=$?
  if [ "$code" = "$wanted" ] && grep -q "$words" "$work/out"; then echo "ok: nst $*"; return; fi
  echo "FAILED: nst $* (exit code $code, expected $wanted with '$words')" >&2
  head -n 10 "$work/out" >&2
  failed=1
}
expect 0 '^[0-9]' --version
expect 0 'Usage:' --help
expect 0 '^default' presets
expect 0 'known sources' weights list
expect 0 'complete -F _nst nst' completion bash
expect 2 "nothing.png' does not exist" nothing.png nothing.jpg -o out.png
touch photograph-of-a-lake.png style.jpg
short=$(wine cmd /c dir /x 2>/dev/null | tr -d '\r' | awk '/photograph-of-a-lake.png/ { print $(NF-1) }')
expect 2 'is also an input' photograph-of-a-lake.png style.jpg -o "${short:-none}" # another name of the same file
expect 2 "the network is 'nothing.npz', which is neither a file" weights inspect nothing.npz
expect 1 'broken: libtorch does not work' doctor # Wine 8.0 lacks a function that OpenMP needs
exit $failed
