# To be sourced: keeps every core from halting until this shell ends. A waker pays for a core that halts, and
# pays more than the operation costs.
./build-c.sh spin
spinners=
cpu=0
while [ "$cpu" -lt "$(getconf _NPROCESSORS_ONLN)" ]; do
    target/c/spin "$cpu" 3600 &
    spinners="$spinners $!"
    cpu=$((cpu + 1))
done
trap 'kill $spinners 2>/dev/null' EXIT
trap 'exit 1' INT TERM
