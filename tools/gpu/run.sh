#!/usr/bin/env bash
# Measures the product on the GPU of this machine beside its peers: what a log needs to be complete, in one folder.
# usage: tools/gpu/run.sh [FOLDER]      PYTHON names the interpreter that has torch, timm and transformers; PYTORCH_LIBRARY_PATH a libtorch for CUDA
set -eu
root="$(cd "$(dirname "$0")/../.." && pwd)"
folder="${1:-$root/run/gpu}"
mkdir -p "$folder"
"$root/murmuration" bench trainer export "$folder/programs"
"$root/murmuration" bench teacher export "$folder/programs"
"${PYTHON:-python3}" "$root/tools/gpu/bench.py" "$folder/programs" --out "$folder/programs.json" 2>&1 | tee "$folder/programs.log"
"$root/murmuration" bench trainer step 2>&1 | tee "$folder/trainer.log"
"$root/murmuration" bench teacher model 2>&1 | tee "$folder/teacher.log"
