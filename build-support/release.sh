#!/bin/sh
# Makes what a release uploads and checks it: every published artifact with sources and Javadoc in target/repository.
# Runs no tests, and leaves the local Maven repository alone. Options go to Maven, as -Dmaven.repo.local=DIR.
set -eu
cd "$(dirname "$0")/.."
rm -rf target/repository
mvn -B -Prelease deploy -DskipTests -Dmaven.install.skip=true "$@" \
    -pl evy-bom,evy-testkit,evy-all -am \
    "-DaltDeploymentRepository=release::file://$PWD/target/repository"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" build-support/CheckRepository.java . target/repository
