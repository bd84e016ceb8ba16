#!/usr/bin/env bash
# docker-compose.yml on a Docker engine that reaches no registry: our images by our Dockerfiles on a base made here, stand-ins for other people's images, one stream to
# its accuracy. The engine has a network namespace of its own with nothing but a loopback interface, which all containers share: Compose's own networks are not tried.
#   deploy/verify/engine.sh [SERVICE...]     services whose images are built; all unless named
# Needs root, dockerd, debootstrap (once), what go-tools.sh builds for compose and store, and ./murmuration's build. 12 GB of disk.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
cache="${MURMURATION_DEPLOY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/murmuration/deploy}"
run="$(mktemp -d)"
java="${JAVA_HOME:?is not set}"
readonly here root cache run java
readonly stages=(crawler teacher filter trainer evaluator)

engine_up() {
    # --net only: containers with `network_mode: host` are in the engine's namespace.
    unshare --net bash -c "ip link set lo up && exec dockerd --data-root '$cache/engine' --exec-root '$run/exec' --pidfile '$run/pid' \
        --host 'unix://$run/docker.sock' --bridge=none --iptables=false --ip6tables=false" >"$run/dockerd.log" 2>&1 &
    engine=$!
    export DOCKER_HOST="unix://$run/docker.sock" COMPOSE_BAKE=false
    local last=$((SECONDS + 60))
    until docker version >/dev/null 2>&1; do
        ((SECONDS < last)) && kill -0 "$engine" 2>/dev/null || { tail -n 5 "$run/dockerd.log" >&2; return 1; }
        sleep 0.5
    done
}

compose() { "$(echo "$cache"/bin/compose-*/cmd)" --project-directory "$root" -f "$root/docker-compose.yml" -f "$run/override.yml" --env-file "$run/env" "$@"; }

finish() {
    local status=$?
    if [[ -f $run/override.yml ]]; then compose down --volumes --timeout 20 >/dev/null 2>&1 || true; fi
    if [[ -n ${engine:-} ]]; then kill "$engine" 2>/dev/null || true; wait "$engine" 2>/dev/null || true; fi
    if ((status == 0)); then rm -rf "$run"; else echo "logs: $run" >&2; fi
}
trap finish EXIT

# ---- images -----------------------------------------------------------------------------------------------------------------------------------------

# A folder as an image. image FOLDER NAME CHANGE...
image() {
    local folder="$1" name="$2" changes=()
    shift 2
    for change in "$@"; do changes+=(--change "$change"); done
    tar -C "$folder" -c . | docker import "${changes[@]}" - "$name" >/dev/null
}

has() { docker image inspect "$1" >/dev/null 2>&1; }

# What our Dockerfiles start from, and what stands for other people's images, under their names.
bases() {
    local base="$cache/base" name
    local -r env="ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8"
    [[ -x $base/usr/bin/bash ]] || debootstrap --variant=minbase bookworm "$base" >"$run/debootstrap.log"
    if [[ ! -d $cache/jre ]]; then
        # Everything but the tools, as Temurin's JRE.
        modules="$("$java/bin/java" --list-modules | sed 's/@.*//' |
            grep -vE '^jdk\.(attach|compiler|editpad|hotspot|internal\.(ed|opt)|jartool|javadoc|jcmd|jconsole|jdeps|jdi|jlink|jpackage|jshell|jstatd)' | paste -sd,)"
        "$java/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --output "$cache/jre.new"
        mv "$cache/jre.new" "$cache/jre"
    fi
    has debian-base:local || image "$base" debian-base:local
    context="$run/context"
    mkdir -p "$context"
    name="$(sed -n 's/^FROM \(eclipse-temurin:[^ @]*-jdk[^ @]*\).*/\1/p' "$root/docker/Dockerfile" | head -n 1)"
    has "$name" || stand_in "$name" "$java" /opt/java/openjdk "$env"
    name="$(sed -n 's/^FROM \(eclipse-temurin:[^ @]*-jre[^ @]*\).*/\1/p' "$root/docker/Dockerfile" | head -n 1)"
    jre="$name"
    has "$name" || stand_in "$name" "$cache/jre" /opt/java/openjdk "$env"
    name="$(tag apache/kafka)"
    has "$name" || {
        cp "$here/stand-ins/kafka" "$context/start"
        # The broker as Maven Central has it; its own image has the same jars.
        printf 'FROM %s\nRUN useradd --uid 1000 appuser && install -d -o appuser /var/lib/kafka/data /opt/kafka/config\nCOPY lib /opt/kafka/libs\nCOPY start /start\nUSER appuser\nVOLUME /var/lib/kafka/data\nENTRYPOINT ["/start"]\n' "$jre" >"$context/Dockerfile"
        cp -r "$root/local/target/lib" "$context/lib" && docker_build "$name"
    }
    name="$(tag quay.io/apicurio/apicurio-registry)"
    has "$name" || {
        cp "$here/stand-ins/http" "$context/http"
        printf 'FROM %s\nCOPY http /usr/local/bin/curl\nCOPY registry /registry\nUSER 1001:0\nENV QUARKUS_HTTP_HOST=0.0.0.0\nENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-jar", "/registry/quarkus-run.jar"]\n' "$jre" >"$context/Dockerfile"
        cp -r "$root/local/target/registry" "$context/registry" && docker_build "$name"
    }
    name="$(tag ghcr.io/versity/versitygw)"
    has "$name" || {
        cp "$here/stand-ins/http" "$context/http"
        cp "$(echo "$cache"/bin/versitygw-*/versitygw)" "$context/versitygw"
        printf 'FROM debian-base:local\nCOPY http /usr/local/bin/wget\nCOPY versitygw /usr/local/bin/versitygw\nENTRYPOINT ["/usr/local/bin/versitygw"]\n' >"$context/Dockerfile"
        docker_build "$name"
    }
}

# The image of docker-compose.yml with this name.
tag() { sed -n "s#^ *image: \\($1:[^ @]*\\).*#\\1#p" "$root/docker-compose.yml" | head -n 1; }

stand_in() { # NAME FOLDER PLACE ENV
    cp -r "$2" "$context/folder"
    printf 'FROM debian-base:local\nCOPY folder %s\n%s\n' "$3" "$4" >"$context/Dockerfile"
    docker_build "$1"
}

docker_build() {
    DOCKER_BUILDKIT=0 docker build --quiet --network none --tag "$1" "$context" >/dev/null 2>"$run/build.log" || { cat "$run/build.log" >&2; return 1; }
    rm -rf "${context:?}"/*
}

# ---- what is run ------------------------------------------------------------------------------------------------------------------------------------

# What is made here has the names of other people's images and not their digests: Dockerfiles and services by tag alone.
override() {
    local service file
    mkdir "$run/docker"
    for file in Dockerfile Dockerfile.prepare; do
        sed 's/@sha256:[0-9a-f]*//' "$root/docker/$file" >"$run/docker/$file"
        cp "$root/docker/$file.dockerignore" "$run/docker/"
    done
    {
        echo "services:"
        for service in kafka store registry prepare "${stages[@]}" lag-exporter; do
            printf '  %s:\n    network_mode: host\n    ports: !reset []\n    extra_hosts: [%s]\n' "$service" \
                "$(printf '"%s:127.0.0.1", ' kafka store registry "${stages[@]}" lag-exporter | sed 's/, $//')"
            case "$service" in
                kafka) echo "    image: $(tag apache/kafka)" ;;
                store) echo "    image: $(tag ghcr.io/versity/versitygw)" ;;
                registry) echo "    image: $(tag quay.io/apicurio/apicurio-registry)" ;;
                prepare | lag-exporter) printf '    build: {dockerfile: %s}\n' "$run/docker/Dockerfile.prepare" ;;
                *) printf '    build: {dockerfile: %s}\n' "$run/docker/Dockerfile" ;;
            esac
            # In one namespace two programs cannot have port 9000.
            [[ $service != registry ]] || echo '    environment: {QUARKUS_MANAGEMENT_PORT: 9900}'
        done
    } >"$run/override.yml"
    sed -e 's/^CRAWLER_SIMULATOR_RECORDS=.*/CRAWLER_SIMULATOR_RECORDS=800/' -e 's/^CRAWLER_SIMULATOR_RATE=.*/CRAWLER_SIMULATOR_RATE=40/' \
        -e 's/^FILTER_SHARDS_MAX_SAMPLES=.*/FILTER_SHARDS_MAX_SAMPLES=40/' "$root/.env.example" >"$run/env"
}

failed=0
check() { # WHAT COMMAND...
    local what="$1"
    shift
    if "$@"; then echo "ok    $what"; else echo "WRONG $what"; failed=1; fi
}

metrics() { # PORT PATH
    nsenter --net="/proc/$engine/ns/net" bash -c "exec 3<>/dev/tcp/127.0.0.1/$1 && printf 'GET $2 HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && cat <&3"
}

an_accuracy() {
    local last=$((SECONDS + 420))
    until metrics 8085 /q/metrics 2>/dev/null | grep -q '^murmuration_evaluator_accuracy{'; do
        ((SECONDS < last)) || { compose ps --all; compose logs --tail 20; return 1; }
        sleep 2
    done
    metrics 8085 /q/metrics | grep '^murmuration_evaluator_accuracy{' | sed 's/^/      /'
}

# As docker-compose.yml promises: nobody in particular, without rights, with nothing to write.
confined() {
    local id
    id="$(compose ps --quiet "$1")"
    docker exec "$id" bash -c '
        [[ $(id -u) == 10001 ]] && grep -q "^CapEff:[[:space:]]*0*$" /proc/1/status && grep -q "^NoNewPrivs:[[:space:]]*1$" /proc/1/status &&
            grep -q "^[^ ]* / [^ ]* ro," /proc/mounts && [[ $(cat /proc/1/comm) == java ]]'
}

# Ends on SIGTERM within its grace, and not by being killed.
stops() {
    local id begun=$SECONDS
    id="$(compose ps --quiet "$1")"
    compose stop "$1" >/dev/null 2>&1
    echo "      $1: $((SECONDS - begun)) s, exit status $(docker inspect --format '{{.State.ExitCode}}' "$id")"
    [[ $(docker inspect --format '{{.State.ExitCode}}' "$id") =~ ^(0|143)$ ]]
}

# Megabytes that an image of ours may have on top of its base. libtorch is 450 of them, once.
within() {
    local size limit
    size=$((($(docker image inspect --format '{{.Size}}' "murmuration/$1:$(sed -n 's/^MURMURATION_VERSION=//p' "$run/env")") - $(docker image inspect --format '{{.Size}}' "$jre")) / 1000000))
    case "$1" in teacher | trainer | evaluator) limit=600 ;; *) limit=170 ;; esac
    echo "      $1: $size MB on its base, of at most $limit"
    ((size <= limit))
}

main() {
    local service build=("$@")
    ((${#build[@]})) || build=(prepare "${stages[@]}")
    engine_up
    echo "engine $(docker version --format '{{.Server.Version}}'), $(compose version 2>/dev/null || true)"
    override
    bases
    for service in "${build[@]}"; do check "$service: image" compose build --quiet "$service"; done
    for service in "${build[@]}"; do check "$service: size" within "$service"; done
    check "up --wait" compose up --wait --wait-timeout 400 kafka store registry prepare "${stages[@]}" lag-exporter
    for service in "${stages[@]}"; do check "$service: confined" confined "$service"; done
    check "an accuracy" an_accuracy
    for service in "${stages[@]}"; do check "$service: never restarted" test "$(docker inspect --format '{{.RestartCount}}' "$(compose ps --quiet "$service")")" = 0; done
    for service in "${stages[@]}"; do check "$service: stops" stops "$service"; done
    return "$failed"
}

main "$@"
