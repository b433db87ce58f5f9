#!/usr/bin/env bash
# Gathers the pictures that the built-in network is fitted to: wallpapers and cut-out objects from packages of Debian 12.
# Usage: tools/BuiltIn/pictures.sh FOLDER    (needs apt-get and dpkg-deb; installs nothing)
set -euo pipefail
folder=${1:?usage: pictures.sh FOLDER}
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download gnome-backgrounds mate-backgrounds ukui-wallpapers tuxpaint-stamps-default plasma-workspace-wallpapers
for package in ./*.deb; do
  name=$(basename "$package" | cut -d_ -f1)
  dpkg-deb -x "$package" "$name"
done
shopt -s globstar nullglob nocaseglob
copy() { if [ -f "$2" ] && [ ! -L "$2" ]; then cp "$2" "$folder/$1$(printf %s "${2#"$1"}" | tr / _)"; fi; }
cd "$work"
for name in gnome-backgrounds mate-backgrounds ukui-wallpapers tuxpaint-stamps-default; do
  for file in "$name"/**/*.jpg "$name"/**/*.png "$name"/**/*.webp; do copy "$name" "$file"; done
done
for size in 2560x1600 5120x2880 3840x2160; do # each wallpaper once, at its largest
  for file in plasma-workspace-wallpapers/usr/share/wallpapers/*/contents/images/$size.*; do copy plasma-workspace-wallpapers "$file"; done
done
echo "$(find "$folder" -type f | wc -l) pictures in $folder"
