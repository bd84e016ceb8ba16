#!/usr/bin/env bash
# The rules of docker/prometheus as an object of Prometheus's operator: k8s/monitoring/rules.sh | kubectl apply -f -
set -euo pipefail
cat <<'HEAD'
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: murmuration, namespace: murmuration}
spec:
HEAD
sed 's/^/  /' "$(dirname "${BASH_SOURCE[0]}")/../../docker/prometheus/rules/murmuration.yml"
