#!/usr/bin/env bash
# Builds what git knows of this tree twice, in two new folders, and compares every jar and every file that the images copy. Takes two builds' time; ends with 1 and the
# names of the files where two builds differ.
# tools/reproducible.sh [MAVEN-OPTIONS], for example: tools/reproducible.sh -o
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for build in first second; do
    mkdir "$work/$build"
    (cd "$root" && git ls-files -z | tar --null --files-from=- --create) | tar --extract --directory "$work/$build"
    printf 'the %s build\n' "$build"
    (cd "$work/$build" && mvn -B -q -Preproducible -Dquick -DskipTests "$@" package) >"$work/$build.log" 2>&1 || {
        tail -n 30 "$work/$build.log" >&2
        exit 1
    }
    # What Maven fetched is not ours to make: libraries and the registry's distribution are compared as parts of the applications.
    (cd "$work/$build" && find . -path '*/target/*' \( -name '*-SNAPSHOT*.jar' -o -name 'local*.jar' -o -path '*/target/quarkus-app/*' \) -type f -print0 |
        sort -z | xargs -0 -r sha256sum) >"$work/$build.sha256"
done
count="$(wc -l <"$work/first.sha256")"
[[ "$count" -gt 0 ]] || {
    printf 'the build made nothing that could be compared\n' >&2
    exit 1
}
if diff "$work/first.sha256" "$work/second.sha256" >"$work/difference"; then
    printf 'two builds, the same bytes: %d files, %s\n' "$count" "$(sha256sum <"$work/first.sha256" | cut -c 1-16)"
else
    printf 'of %d files these differ:\n' "$count" >&2
    awk '/^[<>]/ {print $3}' "$work/difference" | sort -u >&2
    exit 1
fi
