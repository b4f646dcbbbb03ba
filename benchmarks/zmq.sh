#!/bin/sh
# ZeroMQ: PUSH/PULL messages a second at 100 B and 10 KB and the REQ/REP round trip, between two processes
# over TCP: green threads, plain JeroMQ on platform threads, libzmq in C (Debian's libzmq3-dev; left out if it is
# not there), and a prototype of ZMTP on green sockets without JeroMQ. Prints one table, and writes it to
# results/zmq.md.
#
#     ./zmq.sh [--quick]              --quick: does it work? Figures worth nothing, in target/results-quick
#
# EVY_ZMQ_CLASSPATH replaces the build with classes that are there already, JeroMQ among them. Best of the
# rounds; they go A B C A B C. As many messages as are counted go ahead of them.
#
# A round trip has one thread at work at a time, of four. Left to the system these settle on the cores in one
# of several ways, which differ more than the rivals do; so each end of it has half of the cores to itself.
set -eu
cd "$(dirname "$0")"
JAVA_HOME=$(./find-jdk.sh)
export JAVA_HOME
rounds=5 many=4000000 few=200000 trips=100000 out=results
if [ "${1:-}" = --quick ]; then
    rounds=1 many=100000 few=10000 trips=5000 out=target/results-quick
fi
mkdir -p "$out" target/servers target/c
. ./keep-awake.sh

if [ -z "${EVY_ZMQ_CLASSPATH:-}" ]; then
    (cd .. && mvn -q -pl evy-zmq -am -DskipTests package \
        dependency:build-classpath -Dmdep.outputFile=target/classpath -Dmdep.includeScope=runtime)
    EVY_ZMQ_CLASSPATH=../evy-zmq/target/classes:$(cat ../evy-zmq/target/classpath)
fi
"$JAVA_HOME/bin/javac" -proc:none -d target/servers -cp "$EVY_ZMQ_CLASSPATH" -sourcepath servers \
    servers/ZmqEvy.java servers/ZmqJeromq.java servers/ZmqNative.java
rivals='evy jeromq native'
if echo '#include <zmq.h>' | "${CC:-cc}" -E -xc - >/dev/null 2>&1; then
    "${CC:-cc}" -O2 -std=gnu11 -Wall -Wextra -o target/c/zmq c/zmq.c -lzmq
    rivals="$rivals libzmq"
else
    echo 'zmq.sh: libzmq left out, no zmq.h; install libzmq3-dev' >&2
fi

cores=$(getconf _NPROCESSORS_ONLN)
all=0-$((cores - 1)) one_half=0-$((cores / 2 - 1)) other_half=$((cores / 2))-$((cores - 1))

# program CORES RIVAL ROLE...: one end of a measurement, on these cores.
program() {
    half=$1 rival=$2
    shift 2
    case $rival in
        evy) java "$half" ZmqEvy "$@" ;;
        jeromq) java "$half" ZmqJeromq "$@" ;;
        native) java "$half" ZmqNative "$@" ;;
        libzmq) taskset -c "$half" target/c/zmq "$@" ;;
    esac
}

java() {
    half=$1
    shift
    taskset -c "$half" "$JAVA_HOME/bin/java" --add-opens java.base/java.lang=ALL-UNNAMED \
        --enable-native-access=ALL-UNNAMED -XX:+UseCompactObjectHeaders \
        -cp "target/servers:$EVY_ZMQ_CLASSPATH" "$@"
}

# measure CORES CORES RIVAL ROLE ROLE SIZE COUNT: starts the one that binds, then the one that connects; prints
# what either says.
measure() {
    here=$1 there=$2
    shift 2
    said=target/zmq.said
    : >"$said"
    program "$here" "$1" "$2" "$4" "$5" >"$said" &
    bound=$!
    until [ -s "$said" ]; do
        kill -0 "$bound"
        sleep 0.1
    done
    program "$there" "$1" "$3" "$(head -n 1 "$said")" "$4" "$5"
    wait "$bound"
    sed 1d "$said"
}

figures=target/zmq.figures
: >"$figures"
round=1
while [ "$round" -le "$rounds" ]; do
    for rival in $rivals; do
        figure=$(measure "$all" "$all" "$rival" pull push 100 "$many")
        echo "push $rival $figure"
        figure=$(measure "$all" "$all" "$rival" pull push 10240 "$few")
        echo "bulk $rival $figure"
        figure=$(measure "$one_half" "$other_half" "$rival" rep req 100 "$trips")
        echo "trip $rival $figure"
    done >>"$figures"
    round=$((round + 1))
done

awk -v cpu="$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)" \
    -v cores="$(getconf _NPROCESSORS_ONLN)" -v load="$(uptime | sed 's/.*average[s]*: //')" -v rounds="$rounds" '
    function better(key, value, least) {
        if (!(key in best) || (least ? value < best[key] : value > best[key])) best[key] = value
    }
    { better($1 $2, $3 + 0, $1 == "trip") }
    $1 == "trip" { better("tail" $2, $4 + 0, 1) }
    function ratio(what, ours, rival, least,   a, b) {
        if (!((what rival) in best)) return "-"
        a = best[what ours]; b = best[what rival]
        return sprintf("%.2f", least ? b / a : a / b)
    }
    function cell(what, rival, format) {
        return (what rival) in best ? sprintf(format, best[what rival]) : "-"
    }
    function row(title, what, least, format) {
        printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", title, cell(what, "evy", format),
            cell(what, "jeromq", format), cell(what, "libzmq", format), cell(what, "native", format),
            ratio(what, "evy", "jeromq", least), ratio(what, "evy", "libzmq", least),
            ratio(what, "native", "jeromq", least)
    }
    END {
        printf "Best of %d; %s, %d cores; load %s. Ratios: 2.00 is twice as good.\n\n", rounds, cpu, cores, load
        print "| what | evy | JeroMQ | libzmq | native prototype | evy : JeroMQ | evy : libzmq | prototype : JeroMQ |"
        print "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        row("PUSH/PULL 100 B, messages/s", "push", 0, "%d")
        row("PUSH/PULL 10 KB, messages/s", "bulk", 0, "%d")
        row("REQ/REP 100 B, p50 µs", "trip", 1, "%.1f")
        row("REQ/REP 100 B, p99 µs", "tail", 1, "%.1f")
    }' "$figures" | tee "$out/zmq.md"
