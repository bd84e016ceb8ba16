#!/usr/bin/env bash
# docker-compose.yml on a Docker engine that reaches no registry: our images by our Dockerfiles on a base made here, stand-ins for other people's images, one stream to
# its accuracy while every container is killed. The engine is in a network namespace of its own, with nothing but its bridges, so that no port meets another's.
#   deploy/verify/engine.sh [SERVICE...]     services whose images are built; all unless named
# Needs root, dockerd, iptables, debootstrap (once), what go-tools.sh builds for compose and store, and ./murmuration's build. 12 GB of disk.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
cache="${MURMURATION_DEPLOY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/murmuration/deploy}"
run="$(mktemp -d)"
java="${JAVA_HOME:?is not set}"
readonly here root cache run java
readonly platform=(kafka store registry) stages=(crawler teacher filter trainer evaluator)
# What is built by docker/Dockerfile.
readonly services=("${stages[@]}" console)
# What watches, as far as it is installed.
watched=()

engine_up() {
    unshare --net bash -c "ip link set lo up && exec dockerd --data-root '$cache/engine' --exec-root '$run/exec' --pidfile '$run/pid' \
        --host 'unix://$run/docker.sock' --ip6tables=false --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent /murmuration" >"$run/dockerd.log" 2>&1 &
    engine=$!
    export DOCKER_HOST="unix://$run/docker.sock" COMPOSE_BAKE=false
    local last=$((SECONDS + 60))
    until docker version >/dev/null 2>&1; do
        ((SECONDS < last)) && kill -0 "$engine" 2>/dev/null || { tail -n 5 "$run/dockerd.log" >&2; return 1; }
        sleep 0.5
    done
}

# Beside other programs all containers together, and what builds images, get what one process gets, unless their group weighs as much as they are many.
weigh() {
    local cpu=/sys/fs/cgroup/cpu all=/sys/fs/cgroup
    if [[ -f $cpu/cpu.shares ]]; then mkdir -p "$cpu/murmuration" && echo $(($1 * 1024)) >"$cpu/murmuration/cpu.shares"; fi
    if [[ -f $all/cgroup.controllers ]]; then mkdir -p "$all/murmuration" && echo $(($1 * 100)) >"$all/murmuration/cpu.weight"; fi
}

compose() { "$(echo "$cache"/bin/compose-*/cmd)" --project-directory "$root" -f "$root/docker-compose.yml" -f "$run/override.yml" --env-file "$run/env" "$@"; }

finish() {
    local status=$?
    if [[ -f $run/override.yml ]]; then compose down --volumes --timeout 20 >/dev/null 2>&1 || true; fi
    if [[ -n ${engine:-} ]]; then kill "$engine" 2>/dev/null || true; wait "$engine" 2>/dev/null || true; fi
    find /sys/fs/cgroup -depth -maxdepth 4 -type d -path '*/murmuration*' -exec rmdir {} \; 2>/dev/null || true
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
        cp "$here/stand-ins/kafka" "$context/run"
        # The broker as Maven Central has it; its own image has the same jars, and a logger, whose lines Testcontainers waits for.
        printf 'FROM %s\nRUN useradd --uid 1000 appuser && install -d -o appuser /var/lib/kafka/data /opt/kafka/config\nCOPY lib /opt/kafka/libs\nCOPY run /etc/kafka/docker/run\nUSER appuser\nVOLUME /var/lib/kafka/data\nCMD ["/etc/kafka/docker/run"]\n' "$jre" >"$context/Dockerfile"
        cp -r "$root/local/target/lib" "$context/lib"
        mvn -q -B -f "$root/pom.xml" -pl . dependency:copy -DoutputDirectory="$context/lib" \
            -Dartifact="org.slf4j:slf4j-simple:$(basename "$context"/lib/slf4j-api-*.jar .jar | sed 's/^slf4j-api-//')"
        docker_build "$name"
    }
    name="$(tag quay.io/apicurio/apicurio-registry)"
    has "$name" || {
        cp "$here/stand-ins/http" "$context/http"
        printf 'FROM %s\nCOPY http /usr/local/bin/curl\nCOPY registry /registry\nUSER 1001:0\nENV QUARKUS_HTTP_HOST=0.0.0.0\nENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-jar", "/registry/quarkus-run.jar"]\n' "$jre" >"$context/Dockerfile"
        cp -r "$root/local/target/registry" "$context/registry" && docker_build "$name"
    }
    monitor prometheus prom/prometheus /prometheus
    monitor prometheus-alertmanager prom/alertmanager /alertmanager
    name="$(tag ghcr.io/versity/versitygw)"
    has "$name" || {
        cp "$here/stand-ins/http" "$context/http"
        cp "$(echo "$cache"/bin/versitygw-*/versitygw)" "$context/versitygw"
        printf 'FROM debian-base:local\nCOPY http /usr/local/bin/wget\nCOPY versitygw /usr/local/bin/versitygw\nENTRYPOINT ["/usr/local/bin/versitygw"]\n' >"$context/Dockerfile"
        docker_build "$name"
    }
}

# Debian's program under the image's name, where it is installed. monitor PROGRAM IMAGE FOLDER
monitor() {
    local name
    command -v "$1" >/dev/null || return 0
    watched+=("${2#prom/}")
    name="$(tag "$2")"
    has "$name" || {
        cp "$here/stand-ins/http" "$context/http"
        cp "$(command -v "$1")" "$context/program"
        # Its templates are files in Debian's package, and part of the program in the image.
        mkdir "$context/share" && { cp -r /usr/share/prometheus/alertmanager "$context/share/" 2>/dev/null || true; }
        printf 'FROM debian-base:local\nCOPY http /usr/local/bin/wget\nCOPY share /usr/share/prometheus\nCOPY program /bin/program\nRUN install -d -o nobody -g nogroup %s\nUSER nobody\nVOLUME %s\nWORKDIR %s\nENTRYPOINT ["/bin/program"]\n' \
            "$3" "$3" "$3" >"$context/Dockerfile"
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
        for service in "${platform[@]}" prometheus alertmanager prepare "${services[@]}" lag-exporter; do
            printf '  %s:\n' "$service"
            case "$service" in
                prepare | lag-exporter) printf '    build: {dockerfile: %s}\n' "$run/docker/Dockerfile.prepare" ;;
                crawler | teacher | filter | trainer | evaluator | console) printf '    build: {dockerfile: %s}\n' "$run/docker/Dockerfile" ;;
                *) printf '    image: %s\n' "$(sed -n "/^  $service:/,/image:/s/^ *image: \\([^ @]*\\).*/\\1/p" "$root/docker-compose.yml")" ;;
            esac
        done
    } >"$run/override.yml"
    sed -e 's/^CRAWLER_SIMULATOR_RECORDS=.*/CRAWLER_SIMULATOR_RECORDS=3000/' -e 's/^CRAWLER_SIMULATOR_RATE=.*/CRAWLER_SIMULATOR_RATE=6/' \
        -e 's/^FILTER_SHARDS_MAX_SAMPLES=.*/FILTER_SHARDS_MAX_SAMPLES=40/' "$root/.env.example" >"$run/env"
}

failed=0
check() { # WHAT COMMAND...
    local what="$1"
    shift
    if "$@"; then echo "ok    $what"; else echo "WRONG $what"; failed=1; fi
}

# Within the engine's network, where the ports of docker-compose.yml are published.
within_network() { nsenter --net="/proc/$engine/ns/net" "$@"; }

# metrics PORT
metrics() {
    within_network bash -c "exec 3<>/dev/tcp/127.0.0.1/$1 && printf 'GET /q/metrics HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && cat <&3" 2>/dev/null
}

# await SECONDS COMMAND...
await() {
    local last=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < last)) || return 1
        sleep 1
    done
}

an_accuracy() { metrics 8085 | grep '^murmuration_evaluator_accuracy{' | sed 's/^/      /' | tee "$run/accuracies" | grep -q .; }

feed_ended() { metrics 8081 | grep -q '^murmuration_crawler_ended\({[^}]*}\)\? 1'; }

id() { compose ps --all --quiet "$1"; }

healthy() { [[ "$(docker inspect --format '{{.State.Running}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' "$(id "$1")")" =~ ^true\ (healthy)?$ ]]; }

restarts() { docker inspect --format '{{.RestartCount}}' "$(id "$1")"; }

# Ends process 1 as the kernel does when memory is short, and waits until the engine has brought the container back and finds it healthy.
crash() {
    local before
    before="$(restarts "$1")"
    kill -KILL "$(docker inspect --format '{{.State.Pid}}' "$(id "$1")")"
    await 60 more_restarts "$1" "$before" && await 240 healthy "$1" || { docker inspect --format '{{json .State}}' "$(id "$1")"; compose logs --tail 20 "$1"; return 1; }
}

more_restarts() { (($(restarts "$1") > $2)); }

restart() { compose restart "$1" >/dev/null 2>&1 && await 240 healthy "$1" || { compose logs --tail 20 "$1"; return 1; }; }

# The engine treats `docker kill` as a manual stop, so its restart policy does not apply.
kill_and_start() { docker kill "$(id "$1")" >/dev/null && docker start "$(id "$1")" >/dev/null && await 240 healthy "$1" || { compose logs --tail 20 "$1"; return 1; }; }

# One test of ComposeIT, within the engine's network.
compose_it() {
    (cd "$root" && within_network mvn -q -B -o -Dquick -pl deploy test -Dtest="ComposeIT#$1" -Ddeploy.parts=engine) >"$run/compose-it.log" 2>&1 ||
        { tail -n 60 "$run/compose-it.log"; return 1; }
}

# The tests that start containers by themselves, with the images made here, on the API that this engine has; where they do not find the engine, they are skipped.
containers_it() {
    local log="$run/containers.log"
    (cd "$root" && within_network env TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=localhost "api.version=$(docker version --format '{{.Server.APIVersion}}')" \
        mvn -B -o -Dquick -pl local test -Dtest='*ContainersIT' -Dsurefire.failIfNoSpecifiedTests=true) >"$log" 2>&1 &&
        sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E 'Tests run: [0-9]+, Failures: 0, Errors: 0, Skipped: 0$' | sed 's/^.*Tests/      Tests/' || { tail -n 40 "$log"; return 1; }
}

# As docker-compose.yml promises: nobody in particular, without rights, with nothing to write.
confined() {
    local id
    id="$(id "$1")"
    docker exec "$id" bash -c '
        [[ $(id -u) == 10001 ]] && grep -q "^CapEff:[[:space:]]*0*$" /proc/1/status && grep -q "^NoNewPrivs:[[:space:]]*1$" /proc/1/status &&
            grep -q "^[^ ]* / [^ ]* ro," /proc/mounts && [[ $(cat /proc/1/comm) == java ]]'
}

# Ends on SIGTERM within its grace, and not by being killed.
stops() {
    local id begun=$SECONDS
    id="$(id "$1")"
    compose stop "$1" >/dev/null 2>&1
    echo "      $1: $((SECONDS - begun)) s, exit status $(docker inspect --format '{{.State.ExitCode}}' "$id")"
    [[ $(docker inspect --format '{{.State.ExitCode}}' "$id") =~ ^(0|143)$ ]]
}

# A fault of deploy/README.md put back into what one service is started with: the engine or the service says so. planted SERVICE TEXT YAML
planted() {
    printf 'services: {%s: %s}\n' "$1" "$3" >"$run/planted.yml"
    compose -f "$run/planted.yml" up --detach --no-deps --no-build --force-recreate "$1" >"$run/planted.log" 2>&1 || true
    await 240 said "$1" "$2" || { tail -n 5 "$run/planted.log"; compose logs --tail 20 "$1"; return 1; }
    compose rm --force --stop "$1" >/dev/null 2>&1
}

said() { grep "$2" "$run/planted.log" || grep -m 1 "$2" <<<"$(docker logs "$(id "$1")" 2>&1)"; }

# The teacher's image with libtorch for its builder alone, as DJL makes the folder.
unreadable_image() {
    printf 'FROM %s\nUSER 0\nRUN chmod 0700 /opt/djl/pytorch/*\nUSER 10001:10001\n' "$(docker inspect --format '{{.Config.Image}}' "$(id teacher)")" >"$context/Dockerfile"
    docker_build planted/teacher:local
}

# Megabytes that an image of ours may have on top of its base: a tenth more than it has. libtorch is 450 of them, once, and the classes of a start some 60.
within() {
    local size limit
    size=$((($(docker image inspect --format '{{.Size}}' "murmuration/$1:$(sed -n 's/^MURMURATION_VERSION=//p' "$run/env")") - $(docker image inspect --format '{{.Size}}' "$jre")) / 1000000))
    case "$1" in teacher | trainer | evaluator) limit=680 ;; filter) limit=230 ;; crawler | console) limit=160 ;; *) limit=120 ;; esac
    echo "      $1: $size MB on its base, of at most $limit"
    ((size <= limit))
}

main() {
    local service build=("$@")
    ((${#build[@]})) || build=(prepare "${services[@]}")
    engine_up
    echo "engine $(docker version --format '{{.Server.Version}}'), $(compose version 2>/dev/null || true)"
    bases
    override
    local all=("${platform[@]}" "${services[@]}" lag-exporter "${watched[@]}")
    weigh ${#all[@]}
    for service in "${build[@]}"; do check "$service: image" compose build --quiet "$service"; done
    for service in "${build[@]}"; do check "$service: size" within "$service"; done
    check "up --wait" up prepare "${all[@]}"
    for service in "${services[@]}"; do check "$service: confined" confined "$service"; done
    for service in "${all[@]}"; do check "$service: never restarted" test "$(restarts "$service")" = 0; done
    for service in "${services[@]}" lag-exporter; do
        check "$service: killed during the stream, comes back" crash "$service"
        check "$service: docker kill and start" kill_and_start "$service"
    done
    for service in "${platform[@]}"; do check "$service: killed during the stream, comes back" crash "$service"; done
    feed_ended && echo "      (the stream had ended before the last of them)"
    check "every service is healthy after that" await 300 all_healthy "${all[@]}"
    check "the stream ends" await 600 feed_ended
    check "an accuracy" await 420 an_accuracy
    cat "$run/accuracies"
    check "the console shows the stream, to this machine only" compose_it theConsoleShowsTheStreamToThisMachineOnly
    docker stats --no-stream --format '      {{.Name}}: {{.MemUsage}}' | sort
    check "every panel has data, every rule evaluates" compose_it everyPanelHasData
    for service in "${all[@]}"; do check "$service: restart" restart "$service"; done
    check "every service is healthy after that" await 300 all_healthy "${all[@]}"
    check "the audit is clean" compose_it losesAndDoublesNothingWhateverWasKilled
    for service in "${services[@]}"; do check "$service: stops" stops "$service"; done
    unreadable_image
    check "fault 1 put back: the teacher" planted teacher "Read-only file system" '{image: "planted/teacher:local"}'
    check "fault 2 put back: the filter" planted filter "failed to map segment from shared object" '{tmpfs: !override ["/tmp:size=256m,mode=1777"]}'
    check "fault 6 put back: the trainer" planted trainer "Range of CPUs is from" "{deploy: {resources: {limits: {cpus: '$(($(nproc) + 1))'}}}}"
    compose down --volumes --timeout 20 >/dev/null 2>&1
    check "the tests that start containers themselves" containers_it
    return "$failed"
}

up() { compose up --wait --wait-timeout 900 "$@" || { compose ps --all; compose logs --tail 20; return 1; }; }

all_healthy() {
    local service
    for service in "$@"; do healthy "$service" || return 1; done
}

main "$@"
