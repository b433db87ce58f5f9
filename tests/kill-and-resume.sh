#!/usr/bin/env bash
# Kills nst with SIGKILL at random moments, resumes it, and compares the pictures with that of a run that nobody killed.
# Usage: tests/kill-and-resume.sh [KILLS]   (default 50; those that come before the first save are not counted)
# Prints "N of N identical"; ends with 1 when a picture differs. NST="dotnet path/to/nst.dll" tests a program that is built.
set -euo pipefail
kills=${1:-50}
. "$(dirname "$0")/kill-common.sh"

# Every iteration saves, so that many kills hit a save; L-BFGS and Adam take turns, each over three scales.
stylize() { # OPTIMIZER OUTPUT [OPTION...]
    $NST "$root/samples/content.jpg" "$root/samples/style.jpg" --weights "$root/tests/NeuralStyle.Tests/Data/weights/numpy.npz" --size 96 --min-size 48 --first-iterations 80 --iterations 40 \
        --device cpu --threads 2 --seed 3 --init blend:0.2 --optimizer "$1" -o "$2" -q --checkpoint-every 0 "${@:3}"
}

declare -A milliseconds
for optimizer in adam lbfgs; do
    start=$(date +%s%3N)
    stylize $optimizer "whole-$optimizer.png"
    milliseconds[$optimizer]=$(($(date +%s%3N) - start))
done

killed=0 identical=0 trials=0 midway=0
while [ "$midway" -lt "$kills" ]; do
    trials=$((trials + 1))
    optimizer=$([ $((trials % 2)) = 0 ] && echo adam || echo lbfgs)
    rm -f out.png*
    for _ in 1 2 3; do # up to three kills in a row
        stylize $optimizer out.png --resume &
        process=$!
        pause "${milliseconds[$optimizer]}"
        child=$(pgrep -P "$process" || true) # the shell's child is nst; when bash replaced itself, there is none
        kill -KILL ${child:-} "$process" 2>/dev/null || true
        if wait "$process" 2>/dev/null; then break; fi
        killed=$((killed + 1))
        [ -e out.png.nst-checkpoint ] && midway=$((midway + 1))
        [ $((RANDOM % 2)) = 0 ] && break
    done
    if [ ! -e out.png ] || [ -e out.png.nst-checkpoint ]; then stylize $optimizer out.png --resume; fi
    left=$(find . -name '.*.tmp*')
    if ! cmp -s out.png "whole-$optimizer.png"; then
        echo "trial $trials ($optimizer): the picture differs"
    elif [ -n "$left" ]; then
        echo "trial $trials ($optimizer): files left: $left"
    else
        identical=$((identical + 1))
        echo "trial $trials ($optimizer): identical, $midway of $kills kills"
    fi
    rm -f .*.tmp*
done
echo "$killed kills, $midway of them after the first save"
echo "$identical of $trials identical"
[ "$identical" = "$trials" ]
