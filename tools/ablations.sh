#!/usr/bin/env bash
# What the filter's thresholds, its search for duplicates and soft labels are worth on the simulator, with three seeds of the student each: runs the pipeline once,
# with a data set for each, and then ./murmuration bench trainer ablations on the shards. Some 4 minutes on two cores.
# tools/ablations.sh [FOLDER, where the shards and the benchmark are kept; run/ablations if none is named]
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
folder="${1:-$root/run/ablations}"
# Noisier than a demo: more duplicates.
export CRAWLER_SIMULATOR_NOISE=0.7 CRAWLER_SIMULATOR_BENCHMARK_PHOTOS=1000
export FILTER_ACTIVE=flat,all,unb,repeats FILTER_DATASETS_REPEATS_PRESET=flat FILTER_DATASETS_REPEATS_NEAR_DUPLICATES=keep
export FILTER_DATASETS_ALL_THRESHOLD_NEGATIVE=0 FILTER_DATASETS_ALL_THRESHOLD_NEUTRAL=0 FILTER_DATASETS_ALL_THRESHOLD_POSITIVE=0
export TRAINER_STREAM_PASSES=1 EVALUATOR_PROTOCOLS=three-way
"$root/murmuration" demo --records "${RECORDS:-5000}" --timeout 600
mkdir -p "$folder"
rm -rf "${folder:?}"/{shards,benchmarks}
cp -r "${MURMURATION_RUN:-$root/run}"/demo/platform/objects/murmuration/{shards,benchmarks} "$folder"
"$root/murmuration" bench trainer ablations "$folder"
