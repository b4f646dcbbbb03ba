#!/usr/bin/env python3
"""Compares servers by CPU time per operation, throughput and latency; see README.md.

Each server runs alone on one core, the load generator on another, and a SCHED_IDLE spinner keeps
both awake. Servers take turns, round by round; a round that the host or another program disturbed
is dropped and repeated. Standard library only.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import time

import catalog
import machine
from catalog import MODES, TABLES
from processes import DRAIN_SECONDS, Processes, Running, keep_awake
from report import markdown, totals

MAX_STEAL = 0.05  # of a core, taken by the host
MAX_FOREIGN = 0.25  # of a core, taken by programs that are not ours; /proc/stat is not finer
LOOK_SECONDS = 0.5  # for one look at whether the machine is quiet
SPIN_SECONDS = 7200
CONNECT_SECONDS = 0.0001
SPARE_DESCRIPTORS = 200


# Building


def build(chosen, modes, evy_classes, java_home):
    """Builds what the chosen servers need, and returns those that can run."""
    run_script("build-c.sh")
    run_script("build-c.sh", *sorted({mode.program for mode in modes}))
    if any(mode.needs_certificate for mode in modes):
        run_script("make-certificate.sh")
    able = [server for server in chosen if has_what_it_needs(server, evy_classes)]
    rivals = str(catalog.RIVALS / "*")
    if any(rivals in server.jars for server in able) and not rivals_are_there():
        run_script("rivals/fetch.sh")
    catalog.CLASSES.mkdir(parents=True, exist_ok=True)
    for server in able:
        if server.source is not None:
            sources = catalog.HERE / "servers"
            path = os.pathsep.join([str(catalog.CLASSES), *server.jars])
            command = [java_home / "bin" / "javac", "-d", catalog.CLASSES, "-cp", path]
            command += ["-proc:none", "-sourcepath", sources, sources / server.source]
            subprocess.run(command, check=True)
    return able


def run_script(name, *arguments):
    subprocess.run([str(catalog.HERE / name), *arguments], check=True)


def rivals_are_there():
    """Whether they were fetched, and since their list was last changed."""
    listed = (catalog.HERE / "rivals" / "pom.xml").stat().st_mtime
    return catalog.RIVALS.exists() and catalog.RIVALS.stat().st_mtime > listed


def has_what_it_needs(server, evy_classes):
    if evy_classes in server.jars and not has_evy(evy_classes):
        say(f"{server.name}: left out, no class evy.Evy in {evy_classes}; build evy-core first")
        return False
    for path in server.jars[1:]:
        if not pathlib.Path(path).exists():
            say(f"{server.name}: left out, no {path}; build evy-web first, or give --evy-web-classes")
            return False
    if isinstance(server, catalog.NodeServer) and not node_has("ws"):
        say(f"{server.name}: left out, no Node with the module ws; npm install -g ws, or set NODE_PATH")
        return False
    for flag in server.flags:
        agent = flag.removeprefix("-javaagent:")
        if agent != flag and not pathlib.Path(agent).exists():
            say(f"{server.name}: left out, no agent {agent}; build it, or give --evy-patched")
            return False
    return True


def node_has(module):
    """Whether Node finds a module: by NODE_PATH, or where npm installs globally."""
    if shutil.which("node") is None:
        return False
    if "NODE_PATH" not in os.environ and shutil.which("npm") is not None:
        root = subprocess.run(["npm", "root", "-g"], stdout=subprocess.PIPE, text=True)
        os.environ["NODE_PATH"] = root.stdout.strip()
    found = subprocess.run(["node", "-e", f"require('{module}')"], stderr=subprocess.DEVNULL)
    return found.returncode == 0


def has_evy(class_path):
    first = pathlib.Path(class_path.split(os.pathsep)[0])
    return first.suffix == ".jar" and first.exists() or (first / "evy" / "Evy.class").exists()


# Measuring


def measure_round(running, number, connections, options):
    """Repeats the round until nothing disturbs it, but not for ever; returns every attempt."""
    attempts = []
    while len(attempts) < options.attempts:
        await_quiet(options.patience)
        figures = running.load(connections, options.seconds, options.warmup)
        figures["round"] = number
        figures["cpu_us_per_request"] = figures["server_cpu_us"] / max(1, figures["requests"])
        figures["disturbed"] = disturbance(figures)
        attempts.append(figures)
        say(f"    {running.server.name:14}" + summary(figures))
        if figures["disturbed"] is None:
            break
    return attempts


def await_quiet(patience):
    """Waits until other programs leave the machine alone, but no longer than patience seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        before = busy_seconds()
        time.sleep(LOOK_SECONDS)
        if (busy_seconds() - before) / LOOK_SECONDS < MAX_FOREIGN:
            break


def busy_seconds():
    """Time all cores have spent so far, without niced programs, which the spinners are."""
    fields = pathlib.Path("/proc/stat").read_text().split("\n")[0].split()
    user, _, system, _, _, irq, softirq = (int(field) for field in fields[1:8])
    return (user + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def disturbance(figures):
    if figures["steal"] > MAX_STEAL:
        return "steal"
    if figures["foreign"] > MAX_FOREIGN:
        return "foreign"
    return None


def summary(figures):
    text = f"{figures['cpu_us_per_request']:8.2f} us each {figures['rps']:9.0f}/s"
    if figures["p50_us"] is not None:
        text += f"  p50 {figures['p50_us']:.0f} p99 {figures['p99_us']:.0f} us"
    for fault in ("errors", "lost"):
        if figures[fault]:
            text += f"  {fault.upper()} {figures[fault]}"
    if figures["disturbed"]:
        text += f"  disturbed: {figures['disturbed']} {figures[figures['disturbed']]:.2f}"
    return text


def measure(mode, connections, chosen, options):
    """One table: those of the chosen servers that can, in one mode with so many connections."""
    fit = [server for server in chosen if server.does(mode, connections)]
    rounds = {server.name: [] for server in fit}
    with Processes() as processes:
        keep_awake(processes, {options.server_cpu, options.load_cpu}, SPIN_SECONDS)
        started = []
        for server in fit:
            running = Running(processes, server, mode, options)
            started.append(running)
            if server.warms_up:
                running.warm_up(connections, options.jvm_warmup)
        for number in range(options.rounds):
            say(f"  {mode.name}, {connections} connections, round {number + 1} of {options.rounds}")
            for running in started:
                rounds[running.server.name] += measure_round(
                    running, number, connections, options
                )
    return {
        "mode": mode.name,
        "operation": mode.operation,
        "connections": connections,
        "servers": [
            {"name": s.name, "title": s.title, **totals(rounds[s.name]), "rounds": rounds[s.name]}
            for s in fit
        ],
    }


def estimated_minutes(modes, connections, chosen, options):
    """How long it takes if nothing disturbs it."""
    seconds = 0
    for mode in modes:
        timed = options.seconds + options.warmup
        load = timed if mode.is_timed else options.mib / mode.mib_per_second
        for count in connections:
            connecting = count * CONNECT_SECONDS
            one = load + connecting + LOOK_SECONDS + DRAIN_SECONDS
            for server in chosen:
                if server.does(mode, count):
                    warm_up = options.jvm_warmup + 1 if server.warms_up else 0
                    seconds += warm_up + connecting + options.rounds * one
    return seconds / 60


def environment(chosen, java_home, options):
    return {
        **machine.describe(java_home),
        "rounds": options.rounds,
        "seconds": options.seconds,
        "warmup": options.warmup,
        "jvm_warmup": options.jvm_warmup,
        "mib": options.mib,
        "commands": {server.name: server.described() for server in chosen},
    }


def say(text):
    print(text, file=sys.stderr, flush=True)


# The command line


def parse():
    cpus = sorted(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "table", nargs="?", default="servers", choices=TABLES, help="default %(default)s"
    )
    parser.add_argument("--quick", action="store_true", help="one short round: does it all work?")
    parser.add_argument("--servers", help="instead of the table's")
    parser.add_argument("--modes", help="instead of the table's: " + ",".join(MODES))
    parser.add_argument("--conns", help="instead of the table's")
    parser.add_argument("--rounds", type=int, default=5, help="%(default)s")
    parser.add_argument("--seconds", type=float, default=3, help="of a round: %(default)s")
    parser.add_argument("--warmup", type=float, default=2, help="of a round: %(default)s")
    parser.add_argument("--jvm-warmup", type=float, help="of a JVM; instead of the table's")
    parser.add_argument("--mib", type=int, default=1024, help="of a bulk round: %(default)s")
    parser.add_argument(
        "--patience", type=float, default=60, help="s to wait for a quiet machine: %(default)s"
    )
    parser.add_argument(
        "--attempts", type=int, default=3, help="at one round, if disturbed: %(default)s"
    )
    parser.add_argument("--server-cpu", type=int, default=cpus[0], help="%(default)s")
    parser.add_argument("--load-cpu", type=int, default=cpus[-1], help="%(default)s")
    parser.add_argument(
        "--evy-classes", default=str(catalog.EVY_CLASSES), help="class path of evy-core"
    )
    parser.add_argument(
        "--evy-web-classes", default=str(catalog.EVY_WEB_CLASSES), help="class path of evy-web"
    )
    parser.add_argument("--evy-flags", default="", help="more JVM flags for Evy")
    parser.add_argument(
        "--evy-patched", metavar="JAR", default=str(catalog.AGENT), help="the agent, for …-agent"
    )
    parser.add_argument("--out", type=pathlib.Path, help="directory; default results")
    options = parser.parse_args()
    for name, value in TABLES[options.table].items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.quick:
        options.rounds, options.attempts, options.patience, options.mib = 1, 1, 0, 128
        options.seconds, options.warmup, options.jvm_warmup = 0.5, 0.2, 1
    if options.out is None and options.quick:
        options.out = catalog.TARGET / "results-quick"
    if options.out is None:
        options.out = catalog.HERE / "results"
    if options.server_cpu == options.load_cpu:
        parser.error("two cores are needed, one for the server and one for the load")
    if shutil.which("taskset") is None:
        parser.error("taskset is needed")
    return parser, options


def choose(parser, what, names, available):
    for name in names.split(","):
        if name not in available:
            parser.error(f"no {what} '{name}'; there are {', '.join(available)}")
    return [available[name] for name in names.split(",")]


def raise_descriptor_limit(modes, connections):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    needed = max(connections) * max(mode.per_connection for mode in modes) + SPARE_DESCRIPTORS
    if hard != resource.RLIM_INFINITY and needed > hard:
        sys.exit(
            f"{max(connections)} connections need {needed} descriptors in one process and only"
            f" {hard} are allowed: raise the hard limit (ulimit -Hn {needed}, as root), or measure"
            " fewer (--conns)"
        )


def main():
    parser, options = parse()
    connections = [int(number) for number in options.conns.split(",")]
    modes = choose(parser, "mode", options.modes, MODES)
    chosen = choose(parser, "server", options.servers, catalog.servers(options))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    raise_descriptor_limit(modes, connections)
    java_home = machine.find_java()
    options.java = str(java_home / "bin" / "java")
    chosen = build(chosen, modes, options.evy_classes, java_home)
    if not chosen:
        sys.exit("none of the servers can run")

    minutes = estimated_minutes(modes, connections, chosen, options)
    say(f"{options.table}: {minutes:.0f} minutes or more")

    report = {
        "name": options.table,
        "environment": environment(chosen, java_home, options),
        "tables": [],
    }
    options.out.mkdir(parents=True, exist_ok=True)
    for mode in modes:
        for count in connections:
            if mode.most is not None and count > mode.most:
                continue
            report["tables"].append(measure(mode, count, chosen, options))
            # Written after each table, so that a run that is cut short leaves what it has.
            text = json.dumps(report, indent=1, ensure_ascii=False)
            (options.out / f"{options.table}.json").write_text(text + "\n")
            (options.out / f"{options.table}.md").write_text(markdown(report))
    print(markdown(report))


if __name__ == "__main__":
    main()
