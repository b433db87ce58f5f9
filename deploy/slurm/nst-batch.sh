#!/bin/bash
#SBATCH --job-name=nst
#SBATCH --array=1-16
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@120
#
# Paints a folder of pictures as a job array:
#
#   sbatch deploy/slurm/nst-batch.sh photos styles -o painted --size 1024
#   sbatch --array=1-64 --gres=gpu:1 deploy/slurm/nst-batch.sh photos styles -o painted --device cuda
#
# Each task does its part of the plan (--shard auto). 120 seconds before the time limit, or when the task is pre-empted, nst gets
# SIGTERM, gives back its picture and exits with 75; the task then queues itself again and continues where it was. It does the
# same when nst was killed (137), for instance by the kernel for lack of memory. NST names the program, "nst" by default.

most_restarts=20

${NST:-nst} batch "$@" --shard auto --threads "${SLURM_CPUS_PER_TASK:-1}" &
worker=$!
signalled=0
trap 'signalled=1; kill -TERM "$worker" 2>/dev/null' TERM
wait "$worker"
status=$?
while [ "$signalled" = 1 ]; do # the signal ended the wait, not the program
  signalled=0
  wait "$worker"
  again=$?
  [ "$again" = 127 ] || status=$again # 127: it had ended before
done

case $status in
  75 | 137)
    if [ "${SLURM_RESTART_COUNT:-0}" -lt "$most_restarts" ]; then
      echo "nst ended with $status: queued again" >&2
      scontrol requeue "$SLURM_JOB_ID"
      sleep 60 # Slurm ends this script
    fi
    ;;
esac
exit "$status"
