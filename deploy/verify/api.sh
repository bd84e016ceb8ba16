#!/usr/bin/env bash
# The overlays on a real API server: each as nobody would notice it, fresh, over each other, twice. See cluster.sh for what is real and what is not.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
cache="${MURMURATION_DEPLOY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/murmuration/deploy}"
run="$(mktemp -d)"
# shellcheck source=cluster.sh
. "$here/cluster.sh"
trap 'status=$?; cluster_down; ((status == 0)) && rm -rf "$run" || echo "logs: $run" >&2' EXIT

failed=0
check() { # WHAT COMMAND...
    local what="$1"
    shift
    if "$@"; then echo "ok    $what"; else echo "WRONG $what"; failed=1; fi
}

overlays=(local production gpu models epochs)

# Nothing is said but what is applied: no warning, no unknown field.
dry_run() {
    kubectl apply --dry-run=server --validate=strict -k "$root/k8s/overlays/$1" >"$run/out" 2>"$run/err" && [[ ! -s $run/err ]] ||
        { cat "$run/err"; return 1; }
}

deploy() {
    kubectl -n murmuration delete job prepare --ignore-not-found >/dev/null && kubectl apply -k "$root/k8s/overlays/$1" >"$run/out" 2>"$run/err" ||
        { cat "$run/err"; return 1; }
}

# As a deployment of the same; without the job, which would be a new one.
again() { kubectl apply -k "$root/k8s/overlays/$1" >"$run/out" 2>"$run/err" && [[ ! -s $run/err ]] || { cat "$run/err"; return 1; }; }

# What is there, and how often its specification was changed: kubectl says `configured` of sets with claims and of budgets, whatever is in them.
state() {
    kubectl -n murmuration get statefulset,deployment,job,pod,pdb,networkpolicy,configmap,service,serviceaccount,pvc,kafka,kafkanodepool,kafkatopic,kafkauser,scaledobject,scaledjob,triggerauthentication \
        -o jsonpath='{range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.metadata.generation}{"\n"}{end}' | sort
}

pods_run() {
    await 120 "pods" bash -c '
        wanted=$(kubectl -n murmuration get statefulset,deployment -o jsonpath="{range .items[*]}{.spec.replicas}{\"\n\"}{end}" | awk "{ all += \$1 } END { print all }")
        (($(kubectl -n murmuration get pods --no-headers | grep -c " Running ") >= wanted && wanted > 0))' ||
        { kubectl -n murmuration get pods; kubectl -n murmuration get events | grep -E "Failed|forbidden"; return 1; }
}

nobody_is_refused() { ! kubectl -n murmuration get events -o jsonpath='{range .items[*]}{.reason} {.message}{"\n"}{end}' | grep -E 'FailedCreate|forbidden|violates'; }

gpus_are_where_they_shall_be() {
    kubectl -n murmuration get pods -o jsonpath='{range .items[*]}{.metadata.labels.app\.kubernetes\.io/name} {.spec.nodeName}{"\n"}{end}' |
        awk '{ model = $1 ~ /^(teacher|trainer|evaluator|trainer-epochs)$/; if (model != ($2 ~ /^gpu-/)) { print; bad = 1 } } END { exit bad }'
}

sleeps() {
    [[ -z "$(kubectl -n murmuration get pods,pvc -o name | grep -E '/(data-)?(teacher|trainer|evaluator)-[0-9]' | tee >(cat >&2))" ]] &&
        ! kubectl -n murmuration get events -o jsonpath='{range .items[*]}{.involvedObject.name} {.reason}{"\n"}{end}' |
            grep -E '^(teacher|trainer|evaluator) SuccessfulCreate'
}

# evict POD: the status that the API server answers with.
evict() {
    kubectl create --raw "/api/v1/namespaces/murmuration/pods/$1/eviction" -f - <<POD >/dev/null 2>"$run/err"
{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "$1", "namespace": "murmuration"}}
POD
}

# A pod as Strimzi makes one: its own context, and the one that a container of kafka/cluster.yaml has.
strimzi_pod() {
    cat <<POD
apiVersion: v1
kind: Pod
metadata: {name: murmuration-broker-0, namespace: murmuration}
spec:
  securityContext: {fsGroup: 0}
  containers:
    - name: kafka
      image: quay.io/strimzi/kafka:1
      securityContext: $1
POD
}

# Fault 7 of deploy/README.md: a claim of another size, over a deployment.
another_claim_is_refused() {
    cp -r "$root/k8s" "$run/k8s" && sed -i 's/{storage: [0-9]*Gi}/{storage: 7Gi}/' "$run/k8s/base/filter.yaml" &&
        ! kubectl apply -k "$run/k8s/overlays/production" >"$run/out" 2>&1 && grep 'StatefulSet "filter" is invalid' "$run/out" | cut -c 1-110
}

cluster_up
echo "$(kubectl version 2>/dev/null | tail -n 1), $(kubectl get nodes --no-headers | wc -l) nodes"
namespace_anew
for overlay in "${overlays[@]}"; do check "$overlay: strict dry run, silent" dry_run "$overlay"; done
context="$(sed -n 's/^ *securityContext: \({.*}\)$/\1/p' "$root/k8s/base/kafka/cluster.yaml" | sort -u)"
check "Kafka's containers have one context" test "$(wc -l <<<"$context")" = 1
check "a pod of Strimzi's with it is admitted" kubectl apply --dry-run=server -f <(strimzi_pod "$context") -o name
check "and without it is not (fault 4 put back)" bash -c "! kubectl apply --dry-run=server -f - <<<'$(strimzi_pod '{}')' 2>/dev/null"
for overlay in "${overlays[@]}"; do
    namespace_anew
    check "$overlay: fresh" deploy "$overlay"
    check "$overlay: every pod runs" pods_run
    check "$overlay: no pod is refused" nobody_is_refused
    case "$overlay" in gpu | models | epochs) check "$overlay: models on GPUs, and nothing else" gpus_are_where_they_shall_be ;; esac
    state >"$run/before"
    check "$overlay: a second time" again "$overlay"
    check "$overlay: which changes nothing" diff "$run/before" <(state)
    for next in "${overlays[@]}"; do
        [[ $next == "$overlay" ]] || check "$overlay, then $next" deploy "$next"
        [[ $next == "$overlay" ]] || deploy "$overlay" || failed=1
    done
done
# As the README has it for the first deployment: no pod of what follows lag, and no claim for one, until KEDA wants it.
namespace_anew
check "asleep: created" kubectl create -k "$root/k8s/asleep"
check "asleep, then gpu" deploy gpu
check "asleep, then gpu: every other pod runs" pods_run
check "asleep, then gpu: nothing that follows lag was started" sleeps
check "asleep, then gpu, again" deploy gpu
check "asleep, then gpu, again: nothing that follows lag was started" sleeps
namespace_anew
deploy production && pods_run
check "fault 7 put back: is refused" another_claim_is_refused
# The simulated nodes stand still, so the first pod is still ending, without a successor, when the second eviction is asked for.
kill -STOP "${cluster_pids[-1]}"
check "a filter may be evicted" evict filter-0
check "and the other not at the same time" bash -c "! kubectl create --raw /api/v1/namespaces/murmuration/pods/filter-1/eviction -f - <<<'{\"apiVersion\": \"policy/v1\", \"kind\": \"Eviction\", \"metadata\": {\"name\": \"filter-1\", \"namespace\": \"murmuration\"}}' 2>/dev/null"
kill -CONT "${cluster_pids[-1]}"
exit "$failed"
