#!/bin/sh
# Builds what is committed twice, in two folders of different names, and compares every jar and POM that is published,
# byte by byte. Options go to Maven, as -Dmaven.repo.local=DIR.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
    mkdir -p "$1"
    git archive HEAD | tar -x -C "$1"
    folder=$1
    shift
    (cd "$folder" && sh build-support/release.sh -q "$@")
}

# Snapshots are deployed with the time in their name: compared without.
list() {
    (cd "$1/target/repository" && find . -name '*.jar' -o -name '*.pom' | sort | while read -r file; do
        printf '%s  %s\n' "$(sha256sum <"$file" | cut -d' ' -f1)" \
            "$(echo "$file" | sed -E 's/-[0-9]{8}\.[0-9]{6}-[0-9]+/-SNAPSHOT/')"
    done)
}

build "$work/a" "$@"
build "$work/another-folder" "$@"
list "$work/a" >"$work/a.list"
list "$work/another-folder" >"$work/b.list"
if diff "$work/a.list" "$work/b.list"; then
    echo "$(wc -l <"$work/a.list") files, the same in both builds"
else
    echo 'reproducible.sh: the builds differ in the files above' >&2
    exit 1
fi
