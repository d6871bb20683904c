# Sourced by run: Debian packages that the tests need, and a PostgreSQL and a Redis to test on.
# Servers that answer on their usual ports are used; else our own are started on free ports and stopped at the end.

own_servers=""

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core fonts-liberation)
    command -v tesseract >/dev/null || missing+=(tesseract-ocr)
    command -v caddy >/dev/null || missing+=(caddy)
    command -v docker-compose >/dev/null || missing+=(docker-compose)
    command -v redis-server >/dev/null || missing+=(redis-server)
    command -v faketime >/dev/null || missing+=(faketime)
    [ -d /usr/lib/postgresql ] || missing+=(postgresql)
    [ ${#missing[@]} -gt 0 ] || { echo "nothing missing"; return 0; }
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
    echo "installed: ${missing[*]}"
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

find_or_start_servers() {
    if psql -qtA -h 127.0.0.1 -U postgres -c 'select 1' postgres >/dev/null 2>&1; then
        CI_DATABASE_URL=postgres://postgres@127.0.0.1:5432/postgres
    else
        start_postgres
    fi
    if redis-cli -h 127.0.0.1 ping 2>/dev/null | grep -q PONG; then
        CI_REDIS_URL=redis://127.0.0.1:6379/9
    else
        start_redis
    fi
    psql -tA "$CI_DATABASE_URL" -c 'select version()' | cut -c1-40
    redis-cli -u "$CI_REDIS_URL" info server | grep redis_version
}

start_postgres() {
    local port bin owner
    port=$(free_port)
    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    own_servers=${own_servers:-$(mktemp -d)}
    chmod 755 "$own_servers"
    mkdir -p "$own_servers/postgres"
    owner=()
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$own_servers/postgres"
        owner=(runuser -u postgres --)
    fi
    "${owner[@]}" "$bin/initdb" -D "$own_servers/postgres" -U postgres --auth=trust >/dev/null
    "${owner[@]}" "$bin/pg_ctl" -D "$own_servers/postgres" -w -l "$own_servers/postgres/log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=" start >/dev/null
    own_postgres=("${owner[@]}" "$bin/pg_ctl" -D "$own_servers/postgres" -m immediate stop)
    CI_DATABASE_URL=postgres://postgres@127.0.0.1:$port/postgres
}

start_redis() {
    local port
    port=$(free_port)
    redis-server --port "$port" --bind 127.0.0.1 --save "" --appendonly no --daemonize yes >/dev/null
    own_redis=(redis-cli -p "$port" shutdown nosave)
    CI_REDIS_URL=redis://127.0.0.1:$port/9
    for _ in $(seq 50); do
        redis-cli -p "$port" ping >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    echo "Redis did not start" >&2
    return 1
}

stop_servers() {
    [ -z "${own_postgres:-}" ] || "${own_postgres[@]}" >/dev/null
    [ -z "${own_redis:-}" ] || "${own_redis[@]}" || true
    [ -z "$own_servers" ] || rm -rf "$own_servers"
}
