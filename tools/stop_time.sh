#!/usr/bin/env bash
# How long a trainer of ViT-B/32 takes from SIGTERM to its end, its checkpoint included, in the middle of a shard: the demo with such a student on one thread,
# stopped three times.
# tools/stop_time.sh [ARCHITECTURE] [BATCH]
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export MURMURATION_RUN="$(mktemp -d)" TRAINER_ARCHITECTURE="${1:-vit-b-32-224}" TRAINER_BATCH="${2:-16}" TRAINER_LOG_INTERVAL=100ms
# Hashing wants C2, which local services do without; and a checkpoint may take longer than a stop waits by default.
export PLATFORM_TRAINER_JVM_OPTIONS="-Xmx1g -XX:+UseSerialGC" TRAINER_STOP_TIMEOUT="${TRAINER_STOP_TIMEOUT:-90s}"
log="$MURMURATION_RUN/demo/logs/trainer.log"
"$root/murmuration" demo --records 400 --timeout 600 >"$MURMURATION_RUN/demo.txt" 2>&1 &
demo=$!
trap 'kill "$demo" 2>/dev/null; wait "$demo" || true; rm -rf "$MURMURATION_RUN"' EXIT
count() {
    local lines
    lines="$(grep -c "$1" "$log" 2>/dev/null)" || true # None is a failure to grep.
    echo "${lines:-0}"
}
for try in 1 2 3; do
    # Each start has made a step before it is stopped.
    until (($(count "resumes at step\|starts from") == try)) && tail -n 1 "$log" | grep -q ": step "; do
        kill -0 "$demo" || { tail -n 5 "$MURMURATION_RUN/demo.txt" >&2; exit 1; }
        sleep 0.2
    done
    read -r pid _ <"$MURMURATION_RUN/demo/pids/trainer.pid"
    before="$(count 'checkpoint of student')"
    begin="$(date +%s%N)"
    kill -TERM "$pid"
    while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    printf '%s, batch %s: %d ms from SIGTERM to the end, %d checkpoint saved\n' "$TRAINER_ARCHITECTURE" "$TRAINER_BATCH" \
        $((($(date +%s%N) - begin) / 1000000)) $(($(count 'checkpoint of student') - before))
done
