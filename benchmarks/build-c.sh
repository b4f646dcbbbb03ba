#!/bin/sh
# Compiles the C programs of the whole-program benchmark into target/c.
set -eu
cd "$(dirname "$0")"
mkdir -p target/c
for program in echo_epoll load spin; do
    "${CC:-cc}" -O2 -std=gnu11 -Wall -Wextra -Wno-unused-result \
        -o "target/c/$program" "c/$program.c"
done
