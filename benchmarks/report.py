"""Turns what the rounds gave into totals and Markdown tables."""

import statistics

import machine

BASES = {"c": "C", "stock": "stock", "evy": "Evy", "evy-ws": "Evy", "evy-web": "Evy"}


def totals(rounds):
    """Best and median over the undisturbed rounds; over all of them if there is no such round."""
    clean = [r for r in rounds if r["disturbed"] is None]
    used = clean or rounds

    def both(key, best):
        values = [r[key] for r in used]
        if None in values:
            return None
        return {"best": best(values), "median": statistics.median(values)}

    return {
        "disturbed": not clean,
        "rounds_used": len(used),
        "errors": sum(r["errors"] for r in rounds),
        "lost": sum(r["lost"] for r in rounds),
        "cpu_us_per_request": both("cpu_us_per_request", min),
        "rps": both("rps", max),
        "p50_us": both("p50_us", min),
        "p99_us": both("p99_us", min),
        "p99_9_us": both("p99_9_us", min),
        "server_rss": used[-1]["server_rss"],
        "load_busy": statistics.median(r["load_cpu_us"] / 1e6 / r["seconds"] for r in used),
    }


def markdown(report):
    env = report["environment"]
    lines = [
        f"# {report['name'].capitalize()}",
        "",
        f"{machine.headline(env)} {env['rounds']} rounds of {size(report)}.",
        "CPU is user + system time of the server per operation. Ratios are of CPU: best to best",
        "and, in brackets, the median of the ratios within a round. Latencies are medians over",
        "the rounds; MB is what the server had in memory at the end of the last. A * marks a server",
        "for which no round was undisturbed. Where the load generator was busy for more than 0.95",
        "of its core it was the bottleneck.",
        "",
    ]
    for table in report["tables"]:
        connections = table["connections"]
        lines += [f"## {table['mode']}, {connections} connection{'s' * (connections != 1)}", ""]
        lines += table_lines(table["operation"], table["servers"])
        lines += ["", *additions(table["servers"]), *faults(table["servers"])]
    return "\n".join(lines).rstrip() + "\n"


def size(report):
    """How long a round is: a time, a number of bytes, or the one or the other."""
    env = report["environment"]
    bulk = {table["operation"] == "MiB" for table in report["tables"]}
    sizes = {False: f"{env['seconds']:g} s", True: f"{env['mib']} MiB"}
    return " or ".join(sizes[is_bulk] for is_bulk in sorted(bulk))


def table_lines(operation, rows):
    by_name = {row["name"]: row for row in rows}
    bases = [name for name in BASES if name in by_name]
    head = ["server", f"CPU µs per {operation}, best", "median"]
    head += [f"× {BASES[name]}" for name in bases]
    head += [f"{operation}s/s best" if operation != "MiB" else "MiB/s best", "median"]
    head += ["p50 µs", "p99 µs", "p99.9 µs", "MB", "load busy", "rounds"]
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        cpu, rps = row["cpu_us_per_request"], row["rps"]
        cells = [row["title"] + "*" * row["disturbed"]]
        cells += [f"{cpu['best']:.2f}", f"{cpu['median']:.2f}"]
        cells += [ratio(row, by_name[name]) for name in bases]
        cells += [f"{rps['best']:,.0f}", f"{rps['median']:,.0f}"]
        cells += [latency(row[key]) for key in ("p50_us", "p99_us", "p99_9_us")]
        cells += [f"{row['server_rss'] / 1e6:.0f}", f"{row['load_busy']:.2f}"]
        cells += [str(row["rounds_used"])]
        yield "| " + " | ".join(cells) + " |"


def additions(rows):
    """A line for each server that was measured with something added and without."""
    by_name = {row["name"]: row for row in rows}
    for row in rows:
        base = by_name.get(row["name"].removesuffix("-agent").removesuffix("-watched"))
        if base is not None and base is not row:
            yield f"{row['title']}: × the same without it {ratio(row, base, 3)}."
            yield ""


def faults(rows):
    """A line for each server that gave wrong answers or lost datagrams."""
    for row in rows:
        if row["errors"] or row["lost"]:
            yield f"{row['title']}: {row['errors']} errors, {row['lost']} datagrams lost."
            yield ""


def latency(value):
    return "–" if value is None else f"{value['median']:.0f}"


def ratio(row, base, digits=2):
    best = row["cpu_us_per_request"]["best"] / base["cpu_us_per_request"]["best"]
    return f"{best:.{digits}f} ({paired_ratio(row, base):.{digits}f})"


def paired_ratio(row, base):
    """The median ratio of two rounds that followed each other: the host changes pace meanwhile."""
    ours, theirs = cpu_by_round(row), cpu_by_round(base)
    return statistics.median(ours[number] / theirs[number] for number in ours)


def cpu_by_round(row):
    """The last attempt of a round is the undisturbed one, if there is one."""
    return {r["round"]: r["cpu_us_per_request"] for r in row["rounds"]}
