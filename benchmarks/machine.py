"""Where a result was measured, without anything that names the machine itself."""

import contextlib
import datetime
import os
import pathlib
import platform
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


def find_java():
    """The home of a JDK 25."""
    found = subprocess.run([HERE / "find-jdk.sh"], stdout=subprocess.PIPE, text=True)
    if found.returncode != 0:
        raise SystemExit(found.returncode)
    return pathlib.Path(found.stdout.strip())


def describe(java_home):
    return {
        "commit": commit(),
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "jdk": jdk_version(java_home),
        "cpu": cpu_model(),
        "cpus": os.cpu_count(),
        "kernel": re.match(r"[\d.]*\d", platform.release()).group(),
        "congestion_control": congestion_control(),
    }


def headline(environment):
    return (
        f"{environment['cpu']}, {environment['cpus']} cores, Linux {environment['kernel']},"
        f" JDK {environment['jdk']}, commit {environment['commit']}, {environment['date'][:10]}."
    )


def commit():
    head = output("git", "rev-parse", "--short=12", "HEAD")
    if not head:
        return "unknown"
    return head + ("+changes" if output("git", "status", "--porcelain", "-uno") else "")


def jdk_version(java_home):
    release = (java_home / "release").read_text()
    match = re.search(r'^JAVA_RUNTIME_VERSION="(.*)"$', release, re.M)
    return match.group(1) if match else "25"


def cpu_model():
    with contextlib.suppress(OSError):
        match = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
        if match:
            return match.group(1)
    return platform.processor() or "unknown"


def congestion_control():
    """Costs CPU on loopback, too: bbr paces with a timer, cubic and reno do not."""
    with contextlib.suppress(OSError):
        return pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip()
    return "unknown"


def output(*command):
    with contextlib.suppress(OSError):
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.strip()
    return None
