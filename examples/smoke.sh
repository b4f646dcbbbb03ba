#!/usr/bin/env bash
# Runs every example through ./evy and talks to it: what it prints and answers, what it says to a wrong argument,
# to a client that breaks off, to a target that is not there. Needs nothing from outside; closes with one line
# "N passed, N failed". What is checked stands at the end.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
exec </dev/null

seconds=60
work=$(mktemp -d)
pids=()
passed=0
failed=0

stop_all() {
    local p
    for p in ${pids[@]+"${pids[@]}"}; do
        kill "$p" 2>/dev/null && wait "$p" 2>/dev/null
    done
    pids=()
}
trap 'stop_all; rm -rf "$work"' EXIT

# check WHAT COMMAND...: counts whether the command succeeds.
check() {
    local what=$1
    shift
    if "$@"; then
        echo "ok   $what"
        passed=$((passed + 1))
    else
        echo "FAIL $what: $*"
        sed 's/^/     | /' "$out" | tail -n 20
        failed=$((failed + 1))
    fi
}

# begin NAME [ARGUMENT...]: starts an example; sets pid, and out to the file of what it prints.
begin() {
    local name=$1
    shift
    out=$(mktemp "$work/$name.XXXXXX")
    ./evy "examples/$name.java" "$@" >"$out" 2>&1 &
    pid=$!
    pids+=("$pid")
}

# Waits until the command succeeds; false when the time is over or the program has ended without.
await() {
    local end=$((SECONDS + seconds))
    until "$@"; do
        if [ "$SECONDS" -ge "$end" ] || ended; then
            "$@"
            return
        fi
        sleep 0.1
    done
}

ended() { ! kill -0 "$pid" 2>/dev/null; }

# says PATTERN: the program has printed such a line.
says() { grep -qE -- "$1" "$out"; }

# says_times N PATTERN: it has printed at least so many.
says_times() { [ "$(grep -cE -- "$2" "$out")" -ge "$1" ]; }

# ends STATUS: the program ends by itself, with this status.
ends() {
    await ended || return
    wait "$pid"
    [ $? -eq "$1" ]
}

# serve NAME [ARGUMENT...]: starts a server on any free port; sets port.
serve() {
    begin "$1" 0 "${@:2}"
    await says '^listening on '
    port=$(sed -nE 's/^listening on [^ ]*:([0-9]+).*/\1/p' "$out")
    check "$1 prints where it listens" [ -n "$port" ]
}

# answers REQUEST ANSWER: the server at $port sends such a line to this request, a printf format.
answers() {
    local line
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return
    # shellcheck disable=SC2059
    printf "$1" >&3
    IFS= read -r -t "$seconds" line <&3
    exec 3>&-
    [[ $line =~ $2 ]]
}

# breaks_off: a client leaves without reading the answer, which resets the connection.
breaks_off() {
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return
    echo 'is anybody there?' >&3
    await says 'is anybody there'
    sleep 0.1
    exec 3>&-
}

# closes: the server at $port ends the connection without a word.
closes() {
    local line status
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return
    IFS= read -r -t "$seconds" line <&3
    status=$?
    exec 3>&-
    [ "$status" -ge 1 ] && [ "$status" -le 128 ] # more says that the time was over
}

# refuses TEXT NAME [ARGUMENT...]: says this one line to wrong arguments, and ends with status 2.
refuses() {
    begin "${@:2}"
    check "$2 refuses '${*:3}'" ends 2
    check "$2 says why in one line" test "$(cat "$out")" = "$1"
}

chats() {
    local line
    exec 3<>"/dev/tcp/127.0.0.1/$port" 4<>"/dev/tcp/127.0.0.1/$port" || return
    await says_times 2 'joined' || return
    echo 'hello everybody' >&3
    IFS= read -r -t "$seconds" line <&4
    exec 3>&- 4>&-
    [ "$line" = 'hello everybody' ]
}

# --- what is checked; every examples/*.java that has a main is named here ---

./evy --version >/dev/null # builds, if need be
for jars in site jdbc feeds; do # what the examples would fetch at their first run, while a check waits
    [ -d "examples/target/$jars" ] || mvn -q -B -f examples/pom.xml "dependency:copy@$jars" || exit 2
done

serve EchoServer
echo_port=$port
check 'EchoServer echoes' answers 'hello\r\n' '^hello'
check 'EchoServer bears a client that breaks off' breaks_off
check 'EchoServer goes on' answers 'again\n' '^again$'
check 'EchoServer says what it does' await says '^echoed again$'
refuses "a port is a number from 0 to 65535, not 'x'" EchoServer x

serve PortForwarder "localhost:$echo_port"
check 'PortForwarder forwards both ways' answers 'through\n' '^through$'
check 'PortForwarder calls back' await says '^client closed$'
refuses "an address is HOST:PORT, not 'nowhere'" PortForwarder 0 nowhere
serve PortForwarder localhost:1
check 'PortForwarder closes if the target is not there' closes
check 'PortForwarder says why' await says '^lost: Connection refused'

serve ChatServer
check 'ChatServer sends to the others' chats
check 'ChatServer lets them leave' await says_times 2 'left chat'
check 'ChatServer bears a client that breaks off' breaks_off
refuses "a port is a number from 0 to 65535, not '65536'" ChatServer 65536

begin Connect
check 'Connect ends' ends 0
check 'Connect has the answers in order' test "$(sed -nE 's/^[^ ]*: (red|green|blue)$/\1/p' "$out" | tr '\n' ' ')" = 'red green blue '
begin Connect localhost:1
check 'Connect ends without an answer' ends 0
check 'Connect says why' says '^localhost:1: no answer: Connection refused'

begin WebCrawler
check 'WebCrawler ends' ends 0
check 'WebCrawler got over 1000 pages' says '^[1-9][0-9]{3,} pages, '
refuses "a web address is http://HOST/..., not 'nowhere'" WebCrawler nowhere
begin WebCrawler http://127.0.0.1:1/
check 'WebCrawler ends without a server' ends 0
check 'WebCrawler says why' says '^got no body from .* Connection refused'

begin RecursiveCrawler
check 'RecursiveCrawler ends' ends 0
check 'RecursiveCrawler had time for all' says ' 0 late$'
refuses "a web address is http://HOST/..., not 'nowhere'" RecursiveCrawler nowhere
begin RecursiveCrawler http://127.0.0.1:1/
check 'RecursiveCrawler ends without a server' ends 0
check 'RecursiveCrawler counts a broken link' says '^1 addresses, 1 broken, 0 late$'

begin ProducerConsumer
check 'ProducerConsumer ends' ends 0
links=$(sed -nE 's/^([0-9]+) addresses.*/\1/p' "$work"/RecursiveCrawler.* | sort -n | tail -n 1)
check 'ProducerConsumer found what RecursiveCrawler found' says "^I saw these $links addresses"

serve WebServer
check 'WebServer knows no other page' answers 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' '^HTTP/1.1 404 '
check 'WebServer says hello' answers 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' '^HTTP/1.1 200 OK'
check 'WebServer refuses what is no request' answers 'hello\r\n\r\n' '^HTTP/1.1 400 '
refuses "a port is a number from 0 to 65535, not 'x'" WebServer x

serve HttpEcho
check 'HttpEcho answers' answers 'PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi' '^HTTP/1.1 200 OK'
refuses "a port is a number from 0 to 65535, not 'x'" HttpEcho x

serve FeedScraper
check 'FeedScraper takes no GET' answers 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' '^HTTP/1.1 403 '
check 'FeedScraper takes a list' answers 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nnowhere\n' '^HTTP/1.1 200 OK'
refuses "a port is a number from 0 to 65535, not 'x'" FeedScraper x
begin FeedScraperClient "$port"
check 'FeedScraperClient ends' ends 0
check 'FeedScraperClient has the titles in order' test "$(grep -oE 'feed-[0-9]+$' "$out")" = "$(seq -f feed-%g 30)"
refuses "a port is a number from 0 to 65535, not 'x'" FeedScraperClient x

handshake='Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: d9MXuOzlVQ0h+qRllvSCIg==\r\n\r\n'
serve WebSocket
check 'WebSocket has a page' answers 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' '^HTTP/1.1 200 OK'
check 'WebSocket shakes hands' answers "GET /echo HTTP/1.1\\r\\n$handshake" '^HTTP/1.1 101 '
refuses "a port is a number from 0 to 65535, not 'x'" WebSocket x

serve ChatServer
lines=$port
serve WebSocketChat
check 'WebSocketChat has a page' answers 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' '^HTTP/1.1 200 OK'
page=$port
begin ChatBridge "$lines" "$page"
check 'ChatBridge joins both' await says '^joined '
refuses "a port is a number from 0 to 65535, not 'x'" ChatBridge x

begin ZmqSimple
check 'ZmqSimple ends' ends 0
check 'ZmqSimple asked and answered' says_times 10 '^Bob got: HI BACK$'

serve ZmqChat
check 'ZmqChat says it to all' answers 'hello\n' '^someone: hello$'
check 'ZmqChat bears a client that breaks off' breaks_off
check 'ZmqChat goes on' answers 'again\n' '^someone: again$'
refuses "a port is a number from 0 to 65535, not 'x'" ZmqChat x

begin DistributedWebSocketChat exchange 'tcp://127.0.0.1:*' 'tcp://127.0.0.1:*'
check 'DistributedWebSocketChat has an exchange' await says '^exchange from '
read -r _ _ from _ to < <(grep '^exchange from ' "$out")
serve DistributedWebSocketChat "$from" "$to"
check 'DistributedWebSocketChat has a page' answers 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' '^HTTP/1.1 200 OK'
refuses "a port is a number from 0 to 65535, not 'x'" DistributedWebSocketChat x

begin Database
check 'Database ends' ends 0
check 'Database loses no money' says '^the balances add up to 5000$'
begin Database jdbc:nowhere:x
check 'Database refuses an address without a driver' ends 1
check 'Database says why' says "^no database: no JDBC driver takes 'jdbc:nowhere:\.\.\.'"

for file in examples/*.java; do
    name=$(basename "$file" .java)
    if grep -q 'void main(' "$file" && ! grep -qE "^(serve|begin) $name( |$)" "${BASH_SOURCE[0]}"; then
        check "examples/smoke.sh knows $name" false
    fi
done
stop_all
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
