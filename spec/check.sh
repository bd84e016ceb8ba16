#!/usr/bin/env bash
# spec/check.sh: walks the models of packer, trainer and crawler with Spin, and shows each invariant fail where the step that guards it is
# taken out. Needs spin and a C compiler (Debian: apt install spin gcc). Exit status 0 if every line is as expected, 1 if not, 3 without Spin.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for tool in spin cc; do
    command -v "$tool" >/dev/null || { echo "no $tool here: the models are not walked (apt install spin gcc)"; exit 3; }
done
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
failed=0

# walk MODEL EXPECTED MACRO…: EXPECTED is the invariant that fails, or "holds".
walk() {
    local model="$1" expected="$2" result begin=$SECONDS
    shift 2
    cd "$work"
    rm -f ./*
    spin "${@/#/-D}" -a "$here/$model.pml" >spin.log 2>&1 || { cat spin.log; failed=1; return; }
    cc -O0 -w -DSAFETY -DCOLLAPSE -o pan pan.c
    nice -n 10 ./pan -E -m100000 -w22 >pan.log 2>&1 || true
    result="$(sed -n -E 's/^pan:1: assertion violated ([A-Za-z]+).*/\1/p' pan.log)"
    if [[ -z "$result" ]] && grep -q 'errors: 0' pan.log && ! grep -qE 'max search depth|not completed' pan.log; then result=holds; fi
    [[ "$result" == "$expected" ]] || failed=1
    printf '%-8s %-62s %-34s %9s states %4d s%s\n' "$model" "$*" "${result:-NOT FINISHED}" \
        "$(sed -n -E 's/^ *([0-9.e+]+) states, stored.*/\1/p' pan.log)" $((SECONDS - begin)) \
        "$([[ "$result" == "$expected" ]] || echo "   EXPECTED $expected")"
}

ALONE=(RECORDS=3 ALONE REDACTION TIMEOUT CRASHES=1 REBALANCES=0 RESTARTS=3)
# Too many states to be walked whole: only for what fails soon.
BROAD=(RECORDS=2 CRASHES=1 REBALANCES=1 RESTARTS=1 TIMEOUT)
STALE=(RECORDS=2 CRASHES=0 REBALANCES=0 RESTARTS=0 TIMEOUT)
walk packer holds "${ALONE[@]}"
walk packer holds "${STALE[@]}"
walk packer aShardHasItsObject "${BROAD[@]}" UPLOAD_AFTER_COMMIT
walk packer aShardHasItsObject "${BROAD[@]}" KEY_WITHOUT_HASH
walk packer aShardHasItsObject "${ALONE[@]}" DELETE_BEFORE_COMMIT
walk packer eachOffsetIsInExactlyOneShard "${BROAD[@]}" OFFSETS_APART
walk packer eachOffsetIsInExactlyOneShard "${BROAD[@]}" NO_GENERATION
walk packer eachOffsetIsInExactlyOneShard "${BROAD[@]}" UNSTABLE_OFFSETS
walk packer eachOffsetIsInExactlyOneShard "${BROAD[@]}" CHECK_BEFORE_LOOKUP
walk packer theFeedEndsAfterItsLastShard "${BROAD[@]}" MARKER_APART

walk trainer holds
walk trainer noSampleIsLearnedTwice GROUP_OFFSET
walk trainer noSampleIsLearnedTwice OFFSET_ALONE
walk trainer noSampleIsLearnedTwice NO_SKIP
walk trainer noSampleIsLearnedTwice FORGETS_THE_PART
walk trainer aCheckpointCoversItsOffsets NO_STEP_LOCK
walk trainer theNewestCheckpointHasItsObject EVENT_FIRST
walk trainer theNewestCheckpointHasItsObject DELETE_OLD_FIRST
walk trainer stepsIncrease NO_FENCE
walk trainer theEndCoversEverySample NO_AWAIT

walk crawler holds
walk crawler eachPostIsThereOnce NO_FENCE
walk crawler eachPostIsThereOnce READ_BEFORE_FENCE
walk crawler eachPostIsThereOnce CURSOR_APART
walk crawler eachPostIsThereOnce NO_RECENT_IDS
walk crawler eachPostIsThereOnce OUT_OF_ORDER
walk crawler aTweetHasItsPhotos PHOTO_AFTER_TWEET
walk crawler theFeedEndsAfterItsLastPost END_APART
if [[ $failed -eq 0 ]]; then echo "every line as expected, $SECONDS s"; else echo "NOT as expected"; fi
exit $failed
