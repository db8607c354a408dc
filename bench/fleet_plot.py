#!/usr/bin/env python3
"""Reads the JSON of cmatch_bench_fleet, prints its table of ratios and writes the plot of time by pair.

usage: bench/fleet_plot.py BENCHMARK_JSON SVG
"""
import json
import math
import pathlib
import statistics
import sys

SERIES = [("FleetBitmaps", "#0b6e4f", "bitmaps where they are"), ("FleetBitmapsCopied", "#1f77b4", "and copied"),
          ("FleetIndexing", "#b5651d", "index, made once")]
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 62, 16, 30, 44


def read(path):
    """Name -> (pairs or 0, CPU nanoseconds of one iteration): the median of its repetitions."""
    times, pairs = {}, {}
    units = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    for run in json.loads(pathlib.Path(path).read_text(encoding="utf-8"))["benchmarks"]:
        if run.get("run_type") == "aggregate":
            continue
        name = run["run_name"].split("/repeats")[0]
        times.setdefault(name, []).append(run["cpu_time"] * units[run["time_unit"]])
        pairs[name] = run.get("pairs", 0)
    return {name: (pairs[name], statistics.median(each)) for name, each in times.items()}


def sizes_of(runs, series):
    return sorted((pairs, time / pairs) for name, (pairs, time) in runs.items() if name.split("/")[0] == series)


def plot(runs, baseline):
    """Time by pair as a part of the baseline's, both axes logarithmic."""
    points = {name: [(pairs, time / baseline) for pairs, time in sizes_of(runs, name)] for name, _, _ in SERIES}
    every = [point for each in points.values() for point in each]
    x_low, x_high = 6.8, math.log10(max(x for x, _ in every)) + 0.2
    y_low = math.floor(math.log10(min(y for _, y in every)))
    y_high = math.ceil(math.log10(max([1.5] + [y for _, y in every])))

    def at(x, y):
        return (LEFT + (math.log10(x) - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT),
                HEIGHT - BOTTOM - (math.log10(y) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="18">Time by pair, of pairwise AVX2 (1): 100,000 models or fewer, four rules, a bitmap for each</text>']
    for power in range(y_low, y_high + 1):
        _, y = at(10**x_low, 10**power)
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for power in range(math.ceil(x_low), math.floor(x_high) + 1):
        x, _ = at(10**power, 10**y_low)
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">10^{power}</text>')
    out.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" text-anchor="middle">pairs</text>')
    _, one = at(10**x_low, 1)
    out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{one:.1f}" y2="{one:.1f}" stroke="#c00" stroke-dasharray="5 3"/>')
    for name, color, label in SERIES:
        line = [at(x, y) for x, y in points[name]]
        out.append(f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in line)}"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in line]
        out.append(f'<text x="{line[0][0] + 8:.1f}" y="{line[0][1] - 8:.1f}" fill="{color}">{label}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    runs = read(sys.argv[1])
    pairs, time = runs["PairwiseAvx2/100000/1024"]
    baseline = time / pairs
    print("| | pairs | time by pair, of pairwise AVX2 | once |\n|---|---:|---:|---:|")
    for name, (count, took) in runs.items():
        by_pair = f"{took / count / baseline:.3g}" if count else ""
        print(f"| {name} | {count:.2g} | {by_pair} | {took / 1e6:.3g} ms |")
    pathlib.Path(sys.argv[2]).write_text(plot(runs, baseline), encoding="utf-8")


if __name__ == "__main__":
    main()
