#!/usr/bin/env bash
# Adds .NET to a list of parts (SBOM, CycloneDX as JSON). The program that makes the list knows packages alone, and a program that needs no
# .NET installed brings it as a "runtime pack".
#
#   deploy/packages/add-runtime.sh nst.deps.json LIST
set -euo pipefail
packs=$(sed -nE 's|^ *"runtimepack\.([^"/]+)/([^"/]+)": \{ *$|\1 \2|p' "$1" | sort -u)
case $packs in *Microsoft.NETCore.App.Runtime.*) ;; *) echo "'$1' names no runtime pack: is the program self-contained?" >&2; exit 1 ;; esac
[ "$(grep -c '^  "components": \[ *$' "$2")" = 1 ] || { echo "'$2' has another form than expected: no list of components" >&2; exit 1; }
parts=$(mktemp)
trap 'rm -f "$parts"' EXIT
while read -r name version; do
  cat <<PART
    {
      "type": "framework",
      "bom-ref": "pkg:nuget/$name@$version",
      "supplier": { "name": "Microsoft" },
      "name": "$name",
      "version": "$version",
      "scope": "required",
      "licenses": [ { "license": { "id": "MIT" } } ],
      "purl": "pkg:nuget/$name@$version"
    },
PART
done <<<"$packs" >"$parts"
sed -i "/^  \"components\": \[ *\$/r $parts" "$2"
