#!/bin/sh
# Everything: builds evy-core and evy-web, then measures the whole programs and the JMH questions.
#
#     ./run-all.sh [--quick]          --quick: does it all work? Results go to target/results-quick
set -eu
cd "$(dirname "$0")"
JAVA_HOME=$(./find-jdk.sh)
export JAVA_HOME

(cd .. && mvn -q -pl evy-core,evy-web -am -DskipTests package)
for table in echo forward udp tls hello web websocket patched; do
    ./run.py "$table" "$@"
done
if [ "${1:-}" = "--quick" ]; then
    OUT=target/results-quick ./jmh.sh -wi 1 -i 1 -w 200ms -r 200ms
else
    ./jmh.sh
fi
