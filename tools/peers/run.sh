#!/usr/bin/env bash
# Measures this project and what people would pick instead on the same work, taking turns, and prints medians and their ratio.
# tools/peers/run.sh ROW...      ROW: loader, intake, teacher, step, predict, duplicates (README.md beside this file says what each does)
# TURNS=3 how often each takes its turn; PEERS=DIR the virtual environment; PHOTOS=DIR photos to use; MVN="mvn" the Maven to build with
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
venv="${PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/murmuration/peers}"
work="$root/run/peers"
turns="${TURNS:-3}"
photos="${PHOTOS:-$root/../shared/data/recorded-stream/images}"
threads="$(nproc)"
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
pin=() # a command that keeps what it runs on one core
mkdir -p "$work"

# Installs what a row needs, once.
need() {
    [[ -x "$venv/bin/python" ]] || python3 -m venv "$venv"
    local missing=()
    for package in "$@"; do
        "$venv/bin/python" -m pip show -q "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    [[ ${#missing[@]} == 0 ]] || "$venv/bin/python" -m pip install -q "${missing[@]}"
}

# Builds a service's tests; prints the class path of its programs.
classes() {
    (cd "$root" && ${MVN:-mvn} -q -B -Dquick -DskipTests -pl "services/$1" test-compile dependency:build-classpath \
        -DincludeScope=test -Dmdep.outputFile="$work/$1.classpath") >&2 </dev/null
    echo "$root/services/$1/target/test-classes:$root/services/$1/target/classes:$(cat "$work/$1.classpath")"
}

jvm() {
    "${pin[@]}" "$java" -Xmx3g -XX:+UseTransparentHugePages -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow \
        --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true -Dmurmuration.root="$root" "$@" 2>>"$work/errors"
}

python() {
    "${pin[@]}" "$venv/bin/python" "$@" 2>>"$work/errors"
}

# The median of the numbers after "rate", without those of a cold start: $1 of them.
median() {
    awk -v skip="$1" '$1 == "rate" && ++n > skip { print $2 }' | sort -n |
        awk '{ v[NR] = $1 } END { if (NR == 0) exit 1; print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

# turn FILE SKIP COMMAND...: appends a turn's median to a file.
turn() {
    local file="$work/$1.rates" skip="$2"
    shift 2
    echo "rate $("$@" | median "$skip")" >>"$file"
}

# compare UNIT OURS PEER...: prints the medians of the turns.
compare() {
    local unit="$1" ours peer
    ours="$(median 0 <"$work/$2.rates")"
    printf '%-52s %10.1f %s\n' "$2" "$ours" "$unit"
    shift 2
    for name in "$@"; do
        peer="$(median 0 <"$work/$name.rates")"
        printf '%-52s %10.1f %s   ours / this %.2f\n' "$name" "$peer" "$unit" "$(awk "BEGIN { print $ours / $peer }")"
    done
}

machine() {
    local model
    model="$(awk -F ': *' '/^(model name|Model)/ { print $2; exit }' /proc/cpuinfo)"
    printf '%s, %s, %s processors, %s, load %s\n' "$(date -u +%F)" "$model" "$threads" \
        "$("$java" -version 2>&1 | sed -n 2p)" "$(cut -d ' ' -f 1 /proc/loadavg)"
}

loader() {
    need torch torchvision webdataset mosaicml-streaming litdata pillow
    local path
    path="$(classes trainer)"
    [[ -f "$work/shard.tar" ]] || python "$here/photos.py" "$photos" "$work"
    for ((i = 0; i < turns; i++)); do
        for resize in pillow-bilinear tf-bilinear; do
            turn "ours,$resize" 6 jvm -cp "$path" dev.murmuration.trainer.run.PeerLoader "$work/shard.tar" "$resize" 12
        done
        for kind in webdataset,torchvision webdataset,pillow mds,torchvision litdata; do
            turn "$kind" 1 python "$here/loader.py" "$kind" "$work" 3
        done
    done
    compare photos/s "ours,pillow-bilinear" webdataset,torchvision webdataset,pillow mds,torchvision litdata
    compare photos/s "ours,tf-bilinear" webdataset,torchvision
}

intake() {
    need img2dataset pdqhash opencv-python-headless
    local path port server
    path="$(classes crawler)"
    coproc SERVER { taskset -c 1 "$java" -Xmx1g -XX:+UseSerialGC -Dsun.net.httpserver.nodelay=true -cp "$path" \
        dev.murmuration.crawler.Bench --serve "$photos"; }
    server=$SERVER_PID
    trap 'kill "$server" 2>/dev/null' EXIT
    read -r port <&"${SERVER[0]}"
    : >"$work/urls.txt"
    while read -r name <&"${SERVER[0]}" && [[ -n "$name" ]]; do
        echo "http://127.0.0.1:$port/photos/$name" >>"$work/urls.txt"
    done
    for ((i = 0; i < turns; i++)); do
        turn "ours,with-pdq-and-store" 0 jvm -cp "$path" dev.murmuration.crawler.PeerIntake "$port" "$work/urls.txt" 4
        turn img2dataset,without-hash 0 python "$here/intake.py" download "$work"
        turn pdqhash 1 python "$here/intake.py" hash "$photos"
        paste -d ' ' <(tail -1 "$work/img2dataset,without-hash.rates") <(tail -1 "$work/pdqhash.rates") |
            awk '{ print "rate", 1 / (1 / $2 + 1 / $4) }' >>"$work/img2dataset+pdqhash.rates"
    done
    kill "$server"
    compare photos/s "ours,with-pdq-and-store" img2dataset+pdqhash img2dataset,without-hash
}

teacher() {
    need torch transformers onnx onnxscript onnxruntime
    local path
    path="$(classes teacher)"
    [[ -f "$work/roberta/config.json" ]] || jvm -cp "$path" dev.murmuration.teacher.transformer.PeerTeacher write "$work/roberta"
    python "$here/teacher.py" prepare "$work" "$root/../shared/data/tweet-sentiment/test.tsv"
    for ((i = 0; i < turns; i++)); do
        for precision in fp32 bf16; do
            turn "ours,$precision" 0 jvm -cp "$path" dev.murmuration.teacher.transformer.PeerTeacher \
                "$precision" "$work/roberta" "$work/tweets.txt" 1 "$threads"
        done
        for mode in transformers,fp32 transformers,bf16 onnxruntime,fp32 onnxruntime,int8; do
            turn "$mode" 0 python "$here/teacher.py" "$mode" "$work"
        done
    done
    compare tweets/s ours,fp32 transformers,fp32 onnxruntime,fp32
    compare tweets/s ours,bf16 transformers,bf16 onnxruntime,int8
}

step() {
    need torch timm
    local path
    path="$(classes trainer)"
    for ((i = 0; i < turns; i++)); do
        for precision in fp32 bf16; do
            turn "step,ours,$precision" 0 jvm -cp "$path" dev.murmuration.trainer.PeerStep "$precision" "$threads"
            turn "step,timm,$precision" 0 python "$here/step.py" "$precision"
        done
    done
    compare images/s step,ours,fp32 step,timm,fp32
    compare images/s step,ours,bf16 step,timm,bf16
}

predict() {
    need torch transformers pillow
    [[ -f "$work/vit/config.json" ]] || python "$here/predict.py" prepare "$work"
    [[ -d "$work/photos" ]] || python "$here/photos.py" "$photos" "$work"
    for ((i = 0; i < turns; i++)); do
        for precision in fp32 bf16; do
            turn "predict,ours,$precision" 0 timed 300 "$root/murmuration" predict -m "$work/vit" --precision "$precision" "$work/300"
            turn "predict,transformers,$precision" 0 timed 300 python "$here/predict.py" "$precision" "$work"
        done
    done
    compare images/s,start-up-included predict,ours,fp32 predict,transformers,fp32
    compare images/s,start-up-included predict,ours,bf16 predict,transformers,bf16
}

# timed COUNT COMMAND...: prints a rate of the whole process.
timed() {
    local count="$1" start
    shift
    start="$(date +%s%N)"
    "$@" >/dev/null 2>>"$work/errors"
    awk "BEGIN { print \"rate\", $count * 1e9 / ($(date +%s%N) - $start) }"
}

duplicates() {
    need faiss-cpu
    local path
    path="$(classes filter)"
    for ((i = 0; i < turns; i++)); do
        turn duplicates,ours 1 jvm -cp "$path" dev.murmuration.filter.duplicate.PeerIndex "$work"
        for kind in flat multihash; do
            turn "duplicates,faiss,$kind" 0 python "$here/duplicates.py" "$kind" "$work"
        done
    done
    compare queries/s duplicates,ours duplicates,faiss,flat duplicates,faiss,multihash
}

[[ $# -gt 0 ]] || { sed -n 2,4p "${BASH_SOURCE[0]}"; exit 2; }
for row in "$@"; do
    case "$row" in
        loader | intake | teacher | step | predict | duplicates)
            rm -f "$work"/*.rates
            echo "== $row: $(machine)"
            [[ "loader intake duplicates" != *"$row"* ]] || pin=(taskset -c 0)
            "$row"
            pin=()
            ;;
        *) sed -n 2,4p "${BASH_SOURCE[0]}"; exit 2 ;;
    esac
done
