#!/usr/bin/env python3
"""Turns JMH's JSON into results/jmh.json (without machine paths), a Markdown table, and jmh.txt, the format of
Go's benchmarks: a line for each iteration, for benchstat to compare two runs.

jmh_report.py RAW.json OUT_DIRECTORY
"""

import json
import pathlib
import sys

import machine

MACHINE_FIELDS = ("jvm", "vmName")
RIVAL = "stockVirtual"


def main(raw, out):
    results = json.loads(pathlib.Path(raw).read_text())
    for result in results:
        for field in MACHINE_FIELDS:
            result.pop(field, None)
    report = {"environment": machine.describe(machine.find_java()), "results": results}
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "jmh.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    (out / "jmh.md").write_text(markdown(report))
    (out / "jmh.txt").write_text(go_lines(report))
    print(markdown(report))


def markdown(report):
    lines = ["# JMH", "", machine.headline(report["environment"])]
    lines += ["Time per operation; × stock is the ratio to the same on stock virtual threads.", ""]
    lines += ["| benchmark | method | parameters | ns/op | ± (99.9 %) | × stock |"]
    lines += ["| --- | --- | --- | ---: | ---: | ---: |"]
    by_key = {key(result): result for result in report["results"]}
    for name, method, parameters in by_key:
        metric = by_key[name, method, parameters]["primaryMetric"]
        stock = by_key.get((name, rival_of(method), parameters))
        ratio = f"{metric['score'] / stock['primaryMetric']['score']:.2f}" if stock else "–"
        lines.append(
            f"| {name} | {method} | {parameters} | {metric['score']:,.1f}"
            f" | {number(metric['scoreError'])} | {ratio} |"
        )
    return "\n".join(lines) + "\n"


def go_lines(report):
    """https://go.googlesource.com/proposal/+/master/design/14313-benchmark-format.md"""
    environment = report["environment"]
    lines = [f"{name}: {environment[name]}" for name in ("commit", "jdk", "cpu", "kernel") if environment.get(name)]
    for result in report["results"]:
        name, method, _ = key(result)
        words = [name.removesuffix("Benchmark"), method]
        words += [f"{k}={v}" for k, v in result.get("params", {}).items()]
        label = "Benchmark" + "/".join(word.replace(" ", "_") for word in words)
        for fork in result["primaryMetric"]["rawData"]:
            lines += [f"{label} 1 {score:.6g} {result['primaryMetric']['scoreUnit']}" for score in fork]
    return "\n".join(lines) + "\n"


def key(result):
    name, method = result["benchmark"].split(".")[-2:]
    parameters = ", ".join(f"{k}={v}" for k, v in result.get("params", {}).items())
    return name, method, parameters


def rival_of(method):
    """The stock sibling that does the same; a variant such as evySynchronousQueue has its own."""
    return RIVAL + "SynchronousQueue" if method.endswith("SynchronousQueue") else RIVAL


def number(value):
    return f"{value:,.1f}" if isinstance(value, float) and value == value else "–"


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
