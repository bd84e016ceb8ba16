#!/usr/bin/env bash
# Builds the programs of a Kubernetes cluster, KEDA, Docker Compose and the object store from their Go modules into the user's cache; what is there stays.
#   deploy/verify/go-tools.sh [cluster] [keda] [compose] [store]
# Once, and with an idle machine some 8, 9, 2 and 1 minutes of a processor and at most 3 GiB of memory.
set -euo pipefail

readonly KUBERNETES=1.35.4 ETCD=3.6.8 KWOK=0.7.0 KEDA=2.21.0 COMPOSE=2.40.3
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
# The version whose image docker-compose.yml has.
store="$(sed -n 's#.*image: ghcr.io/versity/versitygw:v\([0-9.]*\).*#\1#p' "$root/docker-compose.yml")"
cache="${MURMURATION_DEPLOY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/murmuration/deploy}"
readonly root store cache
export CGO_ENABLED=0 GOFLAGS="-mod=mod -trimpath -buildvcs=false"

# Prints what a go.mod replaces, for `go mod edit`: Go heeds that in the main module only. Folders of the same repository are published as modules of a version; a name
# that cannot have that version, as etcd's for what nobody may require, is not one of them.
replacements() {
    sed -n '/^replace[[:space:]]*(/,/^)/p; /^replace [^(]/p' "$1" | sed -e 's/^replace[[:space:]]*//' -e 's#//.*##' |
        awk -v version="$2" '$2 == "=>" { old = $1; new = $3; its = $4 } $3 == "=>" { old = $1 "@" $2; new = $4; its = $5 }
            $2 == "=>" || $3 == "=>" { if (new ~ /^\./) { new = $1; its = version; if (version !~ /^v[01]\./ && new !~ /\/v[0-9]+$/) next } print "-replace=" old "=" new "@" its }'
}

# build NAME MODULE VERSION VERSION-OF-ITS-FOLDERS LDFLAGS PACKAGE...
build() {
    local name="$1" module="$2" version="$3" folders="$4" ldflags="$5" package missing="" gomod
    local source="$cache/src/$name-$version" bin="$cache/bin/$name-$version"
    shift 5
    for package in "$@"; do
        [[ -x "$bin/$(basename "${package%/v[0-9]}")" ]] || missing=yes
    done
    [[ -n "$missing" ]] || return 0
    echo "building $name $version from its Go module"
    mkdir -p "$source" "$bin"
    cd "$source"
    rm -f go.mod go.sum
    go mod init "murmuration.local/$name" 2>/dev/null
    gomod="$(go mod download -json "$module@v$version" | sed -n 's/^[[:space:]]*"GoMod": "\(.*\)",$/\1/p')"
    replacements "$gomod" "v$folders" | xargs -r go mod edit
    go mod edit -require="$module@v$version"
    go build -p "${GO_JOBS:-2}" -ldflags "-s -w $ldflags" -o "$bin/" "$@"
}

if (($# == 0)); then set -- cluster keda compose store; fi
command -v go >/dev/null || { echo "no go: golang 1.25 or newer" >&2; exit 3; }
for part in "$@"; do
    case "$part" in
        cluster)
            base="-X k8s.io/component-base/version"
            build kubernetes k8s.io/kubernetes "$KUBERNETES" "0${KUBERNETES#1}" \
                "$base.gitVersion=v$KUBERNETES $base.gitMajor=1 $base.gitMinor=${KUBERNETES:2:2}" \
                k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kube-controller-manager \
                k8s.io/kubernetes/cmd/kube-scheduler k8s.io/kubernetes/cmd/kubectl
            build etcd go.etcd.io/etcd/server/v3 "$ETCD" "$ETCD" "" go.etcd.io/etcd/server/v3
            # For its definitions of kinds, which a cluster without a network takes from Go's cache.
            go mod download "github.com/kedacore/keda/v2@v$KEDA"
            build kwok sigs.k8s.io/kwok "$KWOK" "$KWOK" "" sigs.k8s.io/kwok/cmd/kwok
            ;;
        keda)
            build keda github.com/kedacore/keda/v2 "$KEDA" "$KEDA" "" \
                github.com/kedacore/keda/v2/cmd/operator github.com/kedacore/keda/v2/cmd/adapter github.com/kedacore/keda/v2/cmd/webhooks
            ;;
        compose)
            build compose github.com/docker/compose/v2 "$COMPOSE" "$COMPOSE" \
                "-X github.com/docker/compose/v2/internal.Version=v$COMPOSE" github.com/docker/compose/v2/cmd
            ;;
        store) build versitygw github.com/versity/versitygw "$store" "$store" "-X main.Version=v$store" github.com/versity/versitygw/cmd/versitygw ;;
        *)
            echo "no part '$part'" >&2
            exit 64
            ;;
    esac
done
