#!/bin/sh
# Builds the JMH benchmarks and runs them; results go to results/jmh.json, jmh.md and, in the format of Go's
# benchmarks, jmh.txt.
#
#     ./jmh.sh [--quick] [JMH arguments]        such as: ./jmh.sh 'Timer.*' -f 3 -prof gc
#
# --quick: does it all work? A moment each, in this process; figures worth nothing.
#
# BENCHMARKS_CLASSPATH replaces the build with classes that are there already; OUT is another
# directory for the results. Some 5 minutes in all.
set -eu
cd "$(dirname "$0")"
here=$PWD
out=${OUT:-$here/results}
quick=
if [ "${1:-}" = --quick ]; then
    quick=yes
    shift
    set -- -f 0 -wi 0 -i 2 -r 20ms -p pending=0 "$@"
    out=${OUT:-$here/target/results-quick}
fi
JAVA_HOME=$(./find-jdk.sh)
export JAVA_HOME

if [ -z "${BENCHMARKS_CLASSPATH:-}" ]; then
    (cd .. && mvn -q -pl benchmarks -am -DskipTests package \
        dependency:build-classpath -Dmdep.outputFile=target/classpath -Dmdep.includeScope=runtime)
    BENCHMARKS_CLASSPATH=$here/target/classes:$(cat target/classpath)
fi
[ -n "$quick" ] || . ./keep-awake.sh

mkdir -p target
"$JAVA_HOME/bin/java" --add-opens java.base/java.lang=ALL-UNNAMED --enable-native-access=ALL-UNNAMED \
    -cp "$BENCHMARKS_CLASSPATH" org.openjdk.jmh.Main \
    -foe false -rf json -rff target/jmh-raw.json "$@"
./jmh_report.py target/jmh-raw.json "$out"
