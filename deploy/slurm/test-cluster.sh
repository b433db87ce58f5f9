#!/usr/bin/env bash
# Tests nst under a real Slurm: starts munge, slurmctld and slurmd on this machine alone, runs nst-batch.sh as a job array over 20
# small pictures, kills one task's nst in the middle (SIGKILL) and pre-empts another (SIGTERM), and checks that every picture is
# there, was made once, and equals what a single process makes. Leaves nothing running and touches no installed configuration.
#
#   deploy/slurm/test-cluster.sh [PATH OF nst.dll]
#
# Exit code: 0 passed, 1 failed, 77 skipped, with the reason, where Slurm cannot be installed or cannot run.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/nst-slurm.XXXXXX)
pictures=20 tasks=5
daemons=()

skip() { echo "SKIPPED: $*" >&2; exit 77; }
fail() { echo "FAILED: $*" >&2; tail -n 40 "$work"/slurm-*.out >&2 || true; exit 1; }
finish() {
  [ -f "$work/slurm.conf" ] && scancel --user=root --signal=KILL --full 2>/dev/null || true
  for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

[ "$(id -u)" = 0 ] || skip "the daemons of Slurm need root"
if ! { command -v slurmctld && command -v slurmd && command -v munged; } >/dev/null; then
  # the packages' own services stay off: this test starts its own
  { apt-get update && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends slurm-wlm munge; } >"$work/apt.log" 2>&1 \
    || skip "slurm-wlm and munge cannot be installed: $(tail -n 1 "$work/apt.log")"
fi

nst_dll=${1:-}
if [ -z "$nst_dll" ]; then
  dotnet build -c Release "$repository/src/NeuralStyle.Cli" >"$work/build.log" || fail "nst does not build: $(tail -n 3 "$work/build.log")"
  nst_dll=$repository/src/NeuralStyle.Cli/bin/Release/net10.0/nst.dll
fi
export NST="dotnet $(realpath "$nst_dll")"

echo "== a cluster of one machine"
export SLURM_CONF=$work/slurm.conf
host=$(hostname -s)
mkdir "$work/state" "$work/spool" "$work/munge"
chmod 755 "$work" "$work/munge"
dd if=/dev/urandom of="$work/munge.key" bs=128 count=1 status=none
chmod 400 "$work/munge.key"
cat >"$work/slurm.conf" <<CONF
ClusterName=nst-test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=test Nodes=$host Default=YES State=UP
CONF
munged --foreground --force --key-file="$work/munge.key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" 2>"$work/munged.err" &
daemons+=($!)
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done
[ -S "$work/munge/socket" ] || skip "munged does not start: $(tail -n 1 "$work/munged.err" "$work/munge/log" 2>/dev/null)"
slurmctld -D >/dev/null 2>"$work/slurmctld.err" &
daemons+=($!)
slurmd -D -N "$host" >/dev/null 2>"$work/slurmd.err" &
daemons+=($!)
for _ in $(seq 150); do sinfo -h -o %t 2>/dev/null | grep -q '^idle' && break; sleep 0.2; done
sinfo -h -o %t 2>/dev/null | grep -q '^idle' \
  || skip "Slurm does not run here: $(grep -h -iE 'error|fatal' "$work/slurmd.log" "$work/slurmctld.log" 2>/dev/null | tail -n 2 | tr '\n' ' ')"
sinfo

echo "== $pictures pictures in $tasks tasks, one killed and one pre-empted"
{
  echo content,style,output,seed
  for i in $(seq -w "$pictures"); do echo "$repository/samples/content.jpg,$repository/samples/style.jpg,$i.png,$i"; done
} >"$work/pairs.csv"
plan=(--pairs "$work/pairs.csv" --init noise --size 64 --preset fast --optimizer adam --first-iterations 40 --weights builtin)
cd "$work"
job=$(sbatch --parsable --array="1-$tasks" --cpus-per-task=1 --mem=0 --time=10 "$repository/deploy/slurm/nst-batch.sh" "${plan[@]}" -o "$work/out")

# The process that has a picture of some task in work: the claim beside the output names it.
worker_of() { # TASK
  local i
  for _ in $(seq 1200); do
    for i in $(seq "$1" "$tasks" "$pictures"); do
      sed -nE '1s/.*"pid":([0-9]+).*/\1/p' "$work/out/.$(printf %02d "$i").png.claim" 2>/dev/null | grep . && return
    done
    sleep 0.05
  done
  return 1
}
killed=$(worker_of 2) || fail "task 2 never worked on a picture"
kill -KILL "$killed"
echo "killed process $killed of task 2"
preempted=$(worker_of 3) || fail "task 3 never worked on a picture"
scancel --signal=TERM --batch "${job}_3"
echo "sent SIGTERM to task 3"

declare -A since=() # when a task was seen to be queued again
for _ in $(seq 600); do
  [ -z "$(squeue -h)" ] && break
  # Slurm lets a task that was queued again wait for two minutes; this test for three seconds: begun in the second in which it ended, it fails ("Job credential revoked")
  while read -r id; do
    since[$id]=${since[$id]:-$SECONDS}
    [ $((SECONDS - since[$id])) -lt 3 ] || scontrol update jobid="$id" starttime=now 2>/dev/null || true
  done < <(squeue -h -r -t PENDING -o %A)
  sleep 0.5
done
[ -z "$(squeue -h)" ] || { squeue; fail "the tasks did not end within five minutes"; }
grep -h -E 'queued again|made, ' "$work"/slurm-*.out
[ "$(grep -l 'ended with 137: queued again' "$work"/slurm-*.out | wc -l)" = 1 ] || fail "the killed task was not queued again"
[ "$(grep -l 'ended with 75: queued again' "$work"/slurm-*.out | wc -l)" = 1 ] || fail "the pre-empted task was not queued again"

echo "== the same by a single process"
$NST batch "${plan[@]}" -o "$work/single" --threads 1 -q
for i in $(seq -w "$pictures"); do
  cmp "$work/single/$i.png" "$work/out/$i.png" || fail "$i.png differs"
done
[ "$(find "$work/out" -type f ! -name '.*.tmp.png' | wc -l)" = "$pictures" ] || fail "there is more in the folder than the pictures: $(ls -A "$work/out")"
twice=$(sed -nE 's/^[0-9]+\/[0-9]+ ([0-9]+\.png) · made.*/\1/p' "$work"/slurm-*.out | sort | uniq -d)
[ -z "$twice" ] || fail "made twice: $twice"
echo "PASSED: $pictures pictures, each made once, each equal to a single process's"
