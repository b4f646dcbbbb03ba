#!/bin/sh
# Compares Evy's connection pool with HikariCP on a real PostgreSQL; results go to results/db.json
# and results/db.md.
#
#     ./db.sh [--quick] [options of db.py]
#
# Nothing is installed: PostgreSQL comes from a jar, and is gone at the end. Some 8 minutes.
set -eu
cd "$(dirname "$0")"
JAVA_HOME=$(./find-jdk.sh)
export JAVA_HOME

(cd .. && mvn -q -pl benchmarks -am -DskipTests package \
    dependency:build-classpath -Dmdep.outputFile=target/classpath -Dmdep.includeScope=runtime)
./build-c.sh
exec ./db.py "$@"
