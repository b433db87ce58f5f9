#!/usr/bin/env bash
# Builds the packages of nst: archives that need neither .NET nor anything else installed, each with a list of its parts (SBOM,
# CycloneDX); a .deb; a dotnet tool; checksums.
#
#   deploy/packages/build.sh [--quick] [-o FOLDER] [linux-x64|win-x64|osx-arm64|deb|tool]...
#
# Without names: all of them. The results go to FOLDER, by default publish/packages. --quick, for tests, compiles nothing ahead of time,
# compresses little and lists no parts. Every system's archive can be built on Linux; programs for others are not run here.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
here=$repository/deploy/packages
. "$here/publisher.sh"
out=$repository/publish/packages quick=
wanted=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 ;;
    -o) out=$2; shift ;;
    linux-x64 | win-x64 | osx-arm64 | deb | tool) wanted+=("$1") ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
[ ${#wanted[@]} -gt 0 ] || wanted=(linux-x64 win-x64 osx-arm64 deb tool)
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/nst-packages.XXXXXX")
trap 'rm -rf "$work"' EXIT

version=$(sed -nE 's|.*<Version>(.*)</Version>.*|\1|p' "$repository/Directory.Build.props")
epoch=${SOURCE_DATE_EPOCH:-$(git -C "$repository" log -1 --format=%ct)} # the same sources give the same archive
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Apart from the usual build, which checks the code: another system's restore would replace this machine's.
flags=(-c Release -p:Cuda=false -p:DebugType=none -p:RunAnalyzers=false --artifacts-path "$work/artifacts")

# A folder with the program for a system, what it needs and nothing else, at $work/RID/nst-VERSION-RID.
program() {
  local rid=$1 folder=$work/$1/nst-$version-$1
  [ -d "$folder" ] && return
  # Compiled ahead of time where the compiler can: nst starts a quarter faster, and makes the same bytes.
  local compiled=true
  [ -z "$quick" ] || compiled=false
  dotnet publish "$repository/src/NeuralStyle.Cli" -r "$rid" --self-contained "-p:PublishReadyToRun=$compiled" "${flags[@]}" -o "$folder" \
    >"$work/log" || { cat "$work/log" >&2; exit 1; }
  [ -n "$quick" ] || sbom "$rid"
  rm -rf "$folder"/*.xml "$folder/samples"
  find "$folder" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
  if [ "$rid" = linux-x64 ]; then
    chmod 755 "$folder/nst"
    # names for debuggers: a fifth of libtorch
    if command -v strip >/dev/null; then strip --strip-unneeded "$folder"/libtorch*.so "$folder"/libc10.so "$folder"/libgomp*; fi
    "$folder/nst" doctor repair >/dev/null # so that users without write access need no copy of it
  fi
  [ "$rid" = osx-arm64 ] && chmod 755 "$folder/nst"
  [ "$rid" = win-x64 ] || share "$folder/share"
}

# The packages that the last publish took, and .NET itself.
sbom() {
  (cd "$here" && dotnet tool restore && dotnet tool run dotnet-CycloneDX -- "$repository/src/NeuralStyle.Cli/NeuralStyle.Cli.csproj" \
    -o "$out" -fn "nst-$version-$1.cdx.json" -F Json -sn nst -sv "$version" -ns -dpr -biop "$work/artifacts") >"$work/log" \
    || { cat "$work/log" >&2; exit 1; }
  "$here/add-runtime.sh" "$work/$1/nst-$version-$1/nst.deps.json" "$out/nst-$version-$1.cdx.json"
}

# The manual page and the completions, as the program prints them; a program for Linux runs here.
share() {
  local nst=$work/linux-x64/nst-$version-linux-x64/nst
  [ -x "$nst" ] || program linux-x64
  mkdir -p "$1"/man/man1 "$1"/bash-completion/completions "$1"/zsh/site-functions "$1"/fish/vendor_completions.d
  "$nst" manual >"$1/man/man1/nst.1"
  "$nst" completion bash >"$1/bash-completion/completions/nst"
  "$nst" completion zsh >"$1/zsh/site-functions/_nst"
  "$nst" completion fish >"$1/fish/vendor_completions.d/nst.fish"
}

archive() {
  local rid=$1 name=nst-$version-$1 level=-9
  [ -z "$quick" ] || level=-1
  program "$rid"
  if [ "$rid" = win-x64 ]; then
    rm -f "$out/$name.zip"
    find "$work/$rid/$name" -exec touch -d "@$epoch" {} +
    (cd "$work/$rid" && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X "$level" "$out/$name.zip" -@)
    return
  fi
  local packed=$out/$name.tar.gz
  tar -C "$work/$rid" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -c "$name" \
    | gzip -n "$level" >"$packed"
}

deb() {
  program linux-x64
  local root=$work/deb nst=$work/linux-x64/nst-$version-linux-x64
  mkdir -p "$root"/DEBIAN "$root"/usr/bin "$root"/usr/lib "$root"/usr/share/doc/nst "$root"/usr/share/zsh
  cp -al "$nst" "$root/usr/lib/nst"
  rm -rf "$root"/usr/lib/nst/{share,LICENSE,NOTICE}
  ln -s ../lib/nst/nst "$root/usr/bin/nst"
  cp -r "$nst"/share/{man,bash-completion,fish} "$root/usr/share/"
  cp -r "$nst/share/zsh/site-functions" "$root/usr/share/zsh/vendor-completions"
  gzip -n -9 "$root/usr/share/man/man1/nst.1"
  gzip -n -9 <"$repository/CHANGELOG.md" >"$root/usr/share/doc/nst/CHANGELOG.md.gz"
  { cat "$repository/LICENSE"; echo; cat "$repository/NOTICE"; } >"$root/usr/share/doc/nst/copyright"
  cat >"$root/DEBIAN/control" <<CONTROL
Package: nst
Version: $version
Architecture: amd64
Maintainer: $maintainer
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6 (>= 2.34), libgcc-s1, libstdc++6 (>= 12), libssl3 | libssl3t64
Recommends: ca-certificates, ffmpeg
Section: graphics
Priority: optional
Description: neural style transfer
 Paints a photograph in the style of a painting, on the CPU or on an NVIDIA
 GPU, in print quality and at print size. With .NET, libtorch, libvips and a
 small network inside.
CONTROL
  (cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  find "$root" -type d -exec chmod 755 {} + -o -type f -exec chmod go=rX {} +
  SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group ${quick:+-Znone} --build "$root" "$out/nst_${version}_amd64.deb" >/dev/null
}

# A package for each system, and the one without a system that "dotnet tool install" asks first.
tool() {
  local rid
  for rid in linux-x64 win-x64 osx-arm64; do
    dotnet pack "$repository/src/NeuralStyle.Cli" -p:PackTool=true -r "$rid" "${flags[@]}" -o "$out" >"$work/log" || { cat "$work/log" >&2; exit 1; }
  done
  # It would pack the others again, all with this machine's native libraries, unless it took them for compiled to machine code.
  dotnet pack "$repository/src/NeuralStyle.Cli" -p:PackTool=true -p:_InnerToolsPublishAot=true "${flags[@]}" -o "$out" >"$work/log" \
    || { cat "$work/log" >&2; exit 1; }
}

for name in "${wanted[@]}"; do
  echo "== $name"
  case $name in
    deb | tool) "$name" ;;
    *) archive "$name" ;;
  esac
done
(cd "$out" && rm -f SHA256SUMS && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\0' | LC_ALL=C sort -z | xargs -0 sha256sum >SHA256SUMS)
ls -l "$out"
