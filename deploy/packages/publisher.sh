#!/usr/bin/env bash
# Who publishes nst. A release sets two variables, and every package and manifest takes them from here:
#
#   NST_MAINTAINER='NAME <ADDRESS>'   of the Debian package; its name is winget's publisher too
#   NST_WINGET=PUBLISHER.nst          nst's identifier in winget's collection
#
# Run by itself instead of read by another script, it refuses what stands for them in builds that are not released.
maintainer=${NST_MAINTAINER:-nst contributors <nst@localhost>}
publisher=${maintainer%% <*}
winget=${NST_WINGET:-nst.nst}
if [ "$0" = "${BASH_SOURCE[0]}" ]; then
  case $maintainer in
    *@localhost*) echo "NST_MAINTAINER is not set; a release needs 'NAME <ADDRESS>'" >&2; exit 1 ;;
    *[\"\\\|\&]*) echo "NST_MAINTAINER is '$maintainer'; expected neither quotes, backslashes, bars nor &" >&2; exit 1 ;;
    ?*' <'?*@?*'>') ;;
    *) echo "NST_MAINTAINER is '$maintainer'; expected 'NAME <ADDRESS>'" >&2; exit 1 ;;
  esac
  case $winget in
    nst.nst) echo "NST_WINGET is not set; a release needs its identifier in winget, PUBLISHER.nst" >&2; exit 1 ;;
    *[!A-Za-z0-9._-]* | .* | *. | *..*) echo "NST_WINGET is '$winget'; expected PUBLISHER.nst" >&2; exit 1 ;;
    ?*.?*) ;;
    *) echo "NST_WINGET is '$winget'; expected PUBLISHER.nst" >&2; exit 1 ;;
  esac
fi
