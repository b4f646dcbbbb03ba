#!/bin/sh
# Prints the home of a JDK 25: EVY_JAVA_HOME, JAVA_HOME or one in the usual places.
for home in "${EVY_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -x "$home/bin/javac" ] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
        echo "$home"
        exit 0
    fi
done
echo "no JDK 25 found; set EVY_JAVA_HOME" >&2
exit 1
