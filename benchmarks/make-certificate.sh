#!/bin/sh
# Makes the key and certificate of the TLS servers in target/tls, in the two forms they ask for.
set -eu
cd "$(dirname "$0")"
mkdir -p target/tls
cd target/tls
[ ! -e server.p12 ] || exit 0
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
    -subj /CN=localhost -keyout key.pem -out cert.pem 2>/dev/null
openssl pkcs12 -export -in cert.pem -inkey key.pem -out server.p12 -passout pass:benchmark
