# Kubernetes's API server with its controllers, a scheduler and nodes that are only simulated (kwok), on this machine's loopback interface. Sourced by api.sh and keda.sh.
# Needs: $cache with what go-tools.sh builds; $run, an empty folder. Whatever it starts ends with `cluster_down`.

cluster_pids=()
kwok_options=()

ca() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout "$1.key" -out "$1.crt" -subj "/CN=$1" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}

# leaf NAME AUTHORITY SUBJECT ALTERNATIVE-NAMES
leaf() {
    openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj "$3" 2>/dev/null
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$4" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.crt" -CAkey "$2.key" -CAcreateserial -days 2 -out "$1.crt" -extfile "$1.ext" 2>/dev/null
}

certificates() {
    mkdir -p "$run/pki" && pushd "$run/pki" >/dev/null
    ca ca && ca front
    leaf apiserver ca /CN=kube-apiserver "IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc,IP:10.96.0.1"
    leaf admin ca /O=system:masters/CN=admin DNS:admin
    leaf controllers ca /CN=system:kube-controller-manager DNS:controllers
    leaf scheduler ca /CN=system:kube-scheduler DNS:scheduler
    leaf front-client front /CN=front-proxy-client DNS:front
    openssl genrsa -out accounts.key 2048 2>/dev/null && openssl rsa -in accounts.key -pubout -out accounts.pub 2>/dev/null
    local user
    for user in admin controllers scheduler; do
        cat >"$run/$user.kubeconfig" <<CONFIG
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:$api_port", certificate-authority: $run/pki/ca.crt}}]
users: [{name: u, user: {client-certificate: $run/pki/$user.crt, client-key: $run/pki/$user.key}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
CONFIG
    done
    popd >/dev/null
}

# launch NAME COMMAND...
launch() {
    local name="$1"
    shift
    "$@" >"$run/$name.log" 2>&1 &
    cluster_pids+=($!)
}

cluster_up() {
    local bin="$cache/bin" pki="$run/pki"
    api_port="${API_PORT:-46443}"
    # The client of the server's version.
    export KUBECONFIG="$run/admin.kubeconfig" PATH="$(echo "$bin"/kubernetes-*):$PATH"
    certificates
    launch etcd "$(echo "$bin"/etcd-*/server)" --data-dir "$run/etcd" --unsafe-no-fsync --name c \
        --listen-client-urls http://127.0.0.1:42379 --advertise-client-urls http://127.0.0.1:42379 \
        --listen-peer-urls http://127.0.0.1:42380 --initial-advertise-peer-urls http://127.0.0.1:42380 \
        --initial-cluster c=http://127.0.0.1:42380
    launch apiserver "$(echo "$bin"/kubernetes-*/kube-apiserver)" --etcd-servers=http://127.0.0.1:42379 --bind-address=127.0.0.1 \
        --advertise-address=192.0.2.1 --secure-port="$api_port" --service-cluster-ip-range=10.96.0.0/16 --endpoint-reconciler-type=none --authorization-mode=Node,RBAC \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" --client-ca-file="$pki/ca.crt" \
        --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$pki/accounts.pub" \
        --service-account-signing-key-file="$pki/accounts.key" --enable-admission-plugins=NodeRestriction \
        --requestheader-client-ca-file="$pki/front.crt" --requestheader-allowed-names=front-proxy-client \
        --requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
        --requestheader-extra-headers-prefix=X-Remote-Extra- \
        --proxy-client-cert-file="$pki/front-client.crt" --proxy-client-key-file="$pki/front-client.key"
    await 180 "the API server" kubectl get --raw /readyz
    launch controllers "$(echo "$bin"/kubernetes-*/kube-controller-manager)" --kubeconfig="$run/controllers.kubeconfig" \
        --bind-address=127.0.0.1 --secure-port=46257 --leader-elect=false --use-service-account-credentials=true \
        --service-account-private-key-file="$pki/accounts.key" --root-ca-file="$pki/ca.crt" --horizontal-pod-autoscaler-sync-period=5s
    launch scheduler "$(echo "$bin"/kubernetes-*/kube-scheduler)" --kubeconfig="$run/scheduler.kubeconfig" --bind-address=127.0.0.1 \
        --secure-port=46259 --leader-elect=false
    launch kwok "$(echo "$bin"/kwok-*/kwok)" --kubeconfig="$run/admin.kubeconfig" --manage-all-nodes=true "${kwok_options[@]}"
    kubectl apply -f "$here/strimzi-crds.yaml" >/dev/null
    kubectl apply --server-side -f "$(module github.com/kedacore/keda/v2 KEDA)/config/crd/bases" >/dev/null
    nodes | kubectl apply -f - >/dev/null
    volumes | kubectl apply -f - >/dev/null
    await 60 "nodes" bash -c '(($(kubectl get nodes --no-headers | grep -c " Ready ") == 5))'
}

cluster_down() {
    local pid
    for pid in "${cluster_pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${cluster_pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    cluster_pids=()
}

# The folder of a Go module, in the version that go-tools.sh builds.
module() { # MODULE VARIABLE
    GOFLAGS=-mod=mod go mod download -json "$1@v$(sed -n "s/.* $2=\\([0-9.]*\\).*/\\1/p" "$here/go-tools.sh")" |
        sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p'
}

# Three nodes of processors, two of GPUs that are tainted as NVIDIA's plug-in labels and clouds taint them.
nodes() {
    local name gpu label taint
    for name in cpu-1 cpu-2 cpu-3 gpu-1 gpu-2; do
        gpu="" label="" taint=""
        # In variables: a quotation mark within ${...:+...} is lost.
        [[ $name == cpu-* ]] || {
            gpu=', nvidia.com/gpu: "4"'
            label=', nvidia.com/gpu.present: "true"'
            taint='{key: nvidia.com/gpu, value: "present", effect: NoSchedule}'
        }
        cat <<NODE
---
apiVersion: v1
kind: Node
metadata:
  name: $name
  annotations: {kwok.x-k8s.io/node: fake}
  labels: {kubernetes.io/hostname: $name, kubernetes.io/os: linux, kubernetes.io/arch: amd64$label}
spec: {taints: [$taint]}
status:
  allocatable: {cpu: "64", memory: 256Gi, pods: "110"$gpu}
  capacity: {cpu: "64", memory: 256Gi, pods: "110"$gpu}
NODE
    done
}

volumes() {
    cat <<CLASS
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: standard, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
CLASS
    local i
    for i in $(seq 30); do
        cat <<VOLUME
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: volume-$i}
spec: {capacity: {storage: 500Gi}, accessModes: [ReadWriteOnce, ReadWriteMany], storageClassName: standard, hostPath: {path: /nowhere/$i}, persistentVolumeReclaimPolicy: Retain}
VOLUME
    done
}

# An empty namespace with the two secrets that a person makes and those that Strimzi makes.
namespace_anew() {
    kubectl delete namespace murmuration --ignore-not-found --wait=true --timeout=120s >/dev/null
    kubectl delete pv --all --wait=true --timeout=60s >/dev/null
    volumes | kubectl apply -f - >/dev/null
    kubectl apply -f "$root/k8s/base/namespace.yaml" >/dev/null
    kubectl -n murmuration create secret generic store --from-literal=access-key=murmuration --from-literal=secret-key=change-me-please >/dev/null
    kubectl -n murmuration create secret generic crawler-salt --from-literal=salt=salt >/dev/null
}

# await SECONDS WHAT COMMAND...
await() {
    local last=$((SECONDS + $1)) what="$2"
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < last)) || { echo "never came: $what" >&2; return 1; }
        sleep 0.3
    done
}
