# For the scripts that kill nst: the program to kill (NST, or what is built here), an empty folder, and times to wait.
root=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${NST:-}" ]; then
    dotnet build -c Release "$root/src/NeuralStyle.Cli" -v quiet --nologo
    NST="dotnet $root/src/NeuralStyle.Cli/bin/Release/net10.0/nst.dll"
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
RANDOM=${SEED:-1}

pause() { # MILLISECONDS: a random time below that
    local ms=$(((RANDOM * 32768 + RANDOM) % $1))
    sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
}
