#!/bin/sh
# Copies the jars of the rival servers to ../target/rivals.
set -eu
cd "$(dirname "$0")"
rm -rf ../target/rivals # a version that is not listed any more would be on the class path, too
mvn -q dependency:copy-dependencies
