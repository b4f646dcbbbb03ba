#!/bin/sh
# Copies the jars of the rival servers to ../target/rivals.
set -eu
cd "$(dirname "$0")"
mvn -q dependency:copy-dependencies
