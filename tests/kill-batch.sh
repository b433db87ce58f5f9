#!/usr/bin/env bash
# Kills the processes of a batch with SIGKILL at random moments, starts others, and compares the pictures with those of a batch that
# nobody killed.
# Usage: tests/kill-batch.sh [KILLS [PROCESSES]]   (default 50 kills, of 3 processes that share the work)
# Prints "N of N rounds identical"; ends with 1 when a picture differs, is made twice after all is done, or a file is left.
# NST="dotnet path/to/nst.dll" tests a program that is built.
set -euo pipefail
kills=${1:-50} processes=${2:-3}
. "$(dirname "$0")/kill-common.sh"
mkdir photos
for i in 1 2 3 4 5 6 7 8; do cp "$root/samples/content.jpg" "photos/p$i.jpg"; printf '%s' "$i" >> "photos/p$i.jpg"; done

batch() { # FOLDER [OPTION...]
    exec $NST batch photos "$root/samples/style.jpg" -o "$1" --weights "$root/tests/NeuralStyle.Tests/Data/weights/numpy.npz" \
        --size 96 --min-size 48 --first-iterations 60 --iterations 30 --device cpu --threads 1 --checkpoint-every 0 "${@:2}"
}

start=$(date +%s%3N)
(batch whole -q)
milliseconds=$((($(date +%s%3N) - start) / processes))

killed=0 rounds=0 identical=0
while [ "$killed" -lt "$kills" ]; do
    rounds=$((rounds + 1))
    rm -rf out log
    mkdir log
    started=0 pids=()
    begin() { started=$((started + 1)); (batch out) 2> "log/$started" & pids+=($!); }
    for ((i = 0; i < processes; i++)); do begin; done
    for ((i = 0; i < 2 * processes; i++)); do
        pause "$milliseconds"
        victim=$((RANDOM % ${#pids[@]}))
        if kill -KILL "${pids[$victim]}" 2>/dev/null; then killed=$((killed + 1)); fi
        wait "${pids[$victim]}" 2>/dev/null || true
        unset "pids[$victim]"
        pids=("${pids[@]}")
        begin
    done
    codes=""
    for pid in "${pids[@]}"; do if wait "$pid"; then codes="$codes 0"; else codes="$codes $?"; fi; done
    left=$(cd out && find . -name '*.tmp*' -o -name '*.claim*' -o -name '*checkpoint*' -o -name 'failures*')
    twice=$(cat log/* | grep ' · made' | sed 's/^[^ ]* //; s/ · made.*//' | sort | uniq -d)
    if ! diff -rq whole out > log/differences; then
        echo "round $rounds: $(tr '\n' ' ' < log/differences)"
    elif [ -n "$left$twice" ] || [ -n "${codes// 0/}" ]; then
        echo "round $rounds: files left: ${left:-none}; made twice: ${twice:-none}; exit codes:$codes"
    else
        identical=$((identical + 1))
        echo "round $rounds: identical, $killed of $kills kills"
    fi
done
echo "$killed kills"
echo "$identical of $rounds rounds identical"
[ "$identical" = "$rounds" ]
