#!/bin/sh
# Compiles the C programs of the whole-program benchmarks into target/c.
#
#     ./build-c.sh [PROGRAM...]       all but tls, http and websocket, which need headers of
#                                   OpenSSL and zlib, unless told which
set -eu
cd "$(dirname "$0")"
mkdir -p target/c
[ $# -gt 0 ] || set -- echo_epoll forward_epoll udp_epoll load copy spin
for program; do
    shared=
    libraries=
    case $program in
    load | copy) shared="c/measure.c c/net.c" ;;
    websocket) shared="c/measure.c c/net.c" libraries="-lz" ;;
    tls) shared="c/measure.c c/net.c c/tls_client.c" libraries="-lssl -lcrypto" ;;
    http) shared="c/measure.c c/net.c c/page.c c/tls_client.c" libraries="-lssl -lcrypto" ;;
    echo_epoll) shared="c/net.c c/page.c" ;;
    *_epoll) shared=c/net.c ;;
    esac
    # shellcheck disable=SC2086
    "${CC:-cc}" -O2 -std=gnu11 -Wall -Wextra -Wno-unused-result \
        -o "target/c/$program" "c/$program.c" $shared $libraries
done
