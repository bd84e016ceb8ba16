#!/usr/bin/env bash
# What the filter's thresholds, its search for duplicates and soft labels are worth on the simulator, with three seeds of the student each. Runs the pipeline twice
# over the same stream, with near duplicates removed and kept, and then ./murmuration bench trainer ablations on the shards. Some 10 minutes on two cores.
# tools/ablations.sh [FOLDER, where the object stores are kept; run/ablations if none is named]
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
folder="${1:-$root/run/ablations}"
# Noisier than a demo: more duplicates. The filter's age limit is what keeps them in the second run, and it forgets deleted tweets too: a few photos more are kept for that.
export CRAWLER_SIMULATOR_NOISE=0.7 CRAWLER_SIMULATOR_BENCHMARK_PHOTOS=1000
export FILTER_ACTIVE=flat,all,unb FILTER_DATASETS_ALL_THRESHOLD_NEGATIVE=0 FILTER_DATASETS_ALL_THRESHOLD_NEUTRAL=0 FILTER_DATASETS_ALL_THRESHOLD_POSITIVE=0
export TRAINER_STREAM_PASSES=1 EVALUATOR_PROTOCOLS=three-way
for duplicates in removed kept; do
    if [[ "$duplicates" == kept ]]; then export FILTER_NEAR_DUPLICATE_AGE=1ms; fi
    "$root/murmuration" demo --records "${RECORDS:-5000}" --patience 600
    rm -rf "${folder:?}/$duplicates"
    mkdir -p "$folder/$duplicates"
    cp -r "${MURMURATION_RUN:-$root/run}"/demo/platform/objects/murmuration/{shards,benchmarks} "$folder/$duplicates"
done
"$root/murmuration" bench trainer ablations "$folder"
