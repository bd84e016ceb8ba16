#!/usr/bin/env bash
# The cluster of cluster.sh with KEDA, for ScalingIT: prints one line, `ready` and the address of its API, and runs until its standard input ends.
#   deploy/verify/keda.sh FOLDER
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
cache="${MURMURATION_DEPLOY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/murmuration/deploy}"
run="${1:?folder}"
mkdir -p "$run"
exec 3>&1 >"$run/keda.sh.log" 2>&1
# shellcheck source=cluster.sh
. "$here/cluster.sh"
trap cluster_down EXIT

keda_up() {
    local bin certs="$run/keda"
    bin="$(echo "$cache"/bin/keda-*)"
    mkdir -p "$certs" && pushd "$certs" >/dev/null
    ca ca
    leaf tls ca /CN=keda "IP:127.0.0.1,DNS:localhost,DNS:keda-metrics-apiserver.keda.svc"
    popd >/dev/null
    kubectl create namespace keda
    kubectl apply -f - <<OBJECTS
# The aggregator and the webhooks find KEDA on this machine and not in pods.
apiVersion: v1
kind: Service
metadata: {name: keda-metrics-apiserver, namespace: keda}
spec: {type: ExternalName, externalName: localhost}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.external.metrics.k8s.io}
spec:
  service: {name: keda-metrics-apiserver, namespace: keda, port: 46444}
  group: external.metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  caBundle: $(base64 -w0 "$certs/ca.crt")
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: keda-external-metrics-reader}
rules: [{apiGroups: [external.metrics.k8s.io], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: keda-external-metrics-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: keda-external-metrics-reader}
subjects: [{kind: ServiceAccount, name: horizontal-pod-autoscaler, namespace: kube-system}]
---
$(validations "$(base64 -w0 "$certs/ca.crt")")
OBJECTS
    export POD_NAMESPACE=keda WATCH_NAMESPACE="" KEDA_CLUSTER_OBJECT_NAMESPACE=keda
    launch keda-operator "$bin/operator" --cert-dir="$certs" --metrics-bind-address=127.0.0.1:46810 \
        --health-probe-bind-address=127.0.0.1:46811 --metrics-service-bind-address=127.0.0.1:46666
    launch keda-webhooks "$bin/webhooks" --cert-dir="$certs" --port=46812 --metrics-bind-address=127.0.0.1:46813 \
        --health-probe-bind-address=127.0.0.1:46814
    launch keda-adapter "$bin/adapter" --bind-address=127.0.0.1 --secure-port=46444 --cert-dir="$certs" --tls-cert-file="$certs/tls.crt" \
        --tls-private-key-file="$certs/tls.key" --metrics-service-address=127.0.0.1:46666 --port=46815 \
        --lister-kubeconfig="$KUBECONFIG" --authentication-kubeconfig="$KUBECONFIG" --authorization-kubeconfig="$KUBECONFIG"
    await 120 "KEDA's metrics" kubectl get --raw /apis/external.metrics.k8s.io/v1beta1
    await 60 "KEDA's webhooks" bash -c "exec 4<>/dev/tcp/127.0.0.1/46812"
}

# As KEDA's own, but that nothing is let through while they do not answer.
validations() {
    local kind
    printf 'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: keda-admission}\nwebhooks:\n'
    for kind in scaledobject scaledjob triggerauthentication; do
        cat <<WEBHOOK
  - name: v$kind.kb.io
    admissionReviewVersions: [v1]
    clientConfig: {url: "https://127.0.0.1:46812/validate-keda-sh-v1alpha1-$kind", caBundle: $1}
    failurePolicy: Fail
    sideEffects: None
    rules: [{apiGroups: [keda.sh], apiVersions: [v1alpha1], operations: [CREATE, UPDATE], resources: [${kind}s]}]
WEBHOOK
    done
}

# A pod of a job is complete when its process has ended, which ScalingIT says: of kwok's stages all but that one.
kwok_options=(--config "$run/kwok.yaml")
for stage in pod-ready pod-delete; do
    echo ---
    cat "$(module sigs.k8s.io/kwok KWOK)/kustomize/stage/pod/fast/$stage.yaml"
done >"$run/kwok.yaml"
cluster_up
keda_up
launch proxy kubectl proxy --port=46080 --address=127.0.0.1
await 30 "the API's address" bash -c "exec 4<>/dev/tcp/127.0.0.1/46080"
echo "ready http://127.0.0.1:46080 $KUBECONFIG $(command -v kubectl)" >&3
exec 3>&-
cat >/dev/null
