#!/bin/sh
# Builds the JMH benchmarks and runs them; results go to results/jmh.json and results/jmh.md.
#
#     ./jmh.sh [JMH arguments]        such as: ./jmh.sh 'Timer.*' -f 3 -prof gc
#
# BENCHMARKS_CLASSPATH replaces the build with classes that are there already; OUT is another
# directory for the results. Some 5 minutes in all.
set -eu
cd "$(dirname "$0")"
here=$PWD
out=${OUT:-$here/results}
JAVA_HOME=$(./find-jdk.sh)
export JAVA_HOME

if [ -z "${BENCHMARKS_CLASSPATH:-}" ]; then
    (cd .. && mvn -q -pl benchmarks -am -DskipTests package \
        dependency:build-classpath -Dmdep.outputFile=target/classpath -Dmdep.includeScope=runtime)
    BENCHMARKS_CLASSPATH=$here/target/classes:$(cat target/classpath)
fi
. ./keep-awake.sh

mkdir -p target
"$JAVA_HOME/bin/java" -cp "$BENCHMARKS_CLASSPATH" org.openjdk.jmh.Main \
    -foe false -rf json -rff target/jmh-raw.json "$@"
./jmh_report.py target/jmh-raw.json "$out"
