#!/usr/bin/env python3
"""Measures what a build from nothing costs, in CPU seconds, and on what they go.

Compiles what `ninja all` compiles in a configured preset once more, one unit at a time and without ccache, and writes nothing into
the build folder; the precompiled headers must have been built there. CPU time (user + system) is counted, not wall time, so that
other work on the machine disturbs little. Sums of a sample are scaled to all units of each target. With clang the traces of
-ftime-trace are added up: seconds per phase, the headers and the templates that take most.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import resource
import shlex
import subprocess
import sys
import tempfile
import zlib


class NotCompiled(Exception):
    """The message is what the compiler says."""


class Unit:
    def __init__(self, build, command):
        self.directory = build
        command = re.sub(r" -MD -MT \S+ -MF \S+", "", command)  # a list of headers is not written
        self.words = [word for word in shlex.split(command) if os.path.basename(word) != "ccache"]
        self.file = self.words[self.words.index("-c") + 1]
        self.is_precompiled_header = "cmake_pch" in self.file
        made = self.words[self.words.index("-o") + 1]
        self.target = "precompiled headers" if self.is_precompiled_header else re.search(r"CMakeFiles/([^/]+)\.dir/", made).group(1)

    def compile(self, folder, more):
        """CPU seconds, and the trace or None."""
        made = os.path.join(folder, "unit.o")
        words = list(self.words)
        words[words.index("-o") + 1] = made
        is_clang = "clang" in os.path.basename(words[0])
        words += more + (["-ftime-trace", "-ftime-trace-granularity=200"] if is_clang else [])
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        compiler = subprocess.run(words, cwd=self.directory, check=False, capture_output=True, text=True)
        if compiler.returncode != 0:
            raise NotCompiled(compiler.stderr)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        trace = os.path.join(folder, "unit.json")
        seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        if not is_clang:
            return seconds, None
        with open(trace, encoding="utf-8") as file:
            return seconds, json.load(file)["traceEvents"]


class Traces:
    """Sums of many traces, in seconds. What a header or a template takes includes what it reads or instantiates itself."""

    def __init__(self):
        self.phases = collections.Counter()
        self.headers = collections.Counter()
        self.header_units = collections.Counter()
        self.templates = collections.Counter()
        self.template_count = collections.Counter()

    def add(self, events, weight):
        spans = [event for event in events if event.get("ph") == "X" and "dur" in event]
        for event in spans:
            if event["name"].startswith("Total "):
                self.phases[event["name"][len("Total "):]] += weight * event["dur"] / 1e6
        self.add_outermost(spans, "Source", header_name, self.headers, self.header_units, weight)
        for name in ("InstantiateClass", "InstantiateFunction"):
            self.add_outermost(spans, name, template_name, self.templates, self.template_count, weight)

    @staticmethod
    def add_outermost(spans, name, key, sums, counts, weight):
        """Of spans with one key that lie in each other only the outermost counts."""
        ends = collections.defaultdict(int)
        for event in sorted((event for event in spans if event["name"] == name), key=lambda event: (event["ts"], -event["dur"])):
            what = key(event["args"]["detail"])
            if event["ts"] >= ends[what]:
                ends[what] = event["ts"] + event["dur"]
                sums[what] += weight * event["dur"] / 1e6
                counts[what] += weight


def template_name(text):
    """std::vector<int>::push_back becomes std::vector<>::push_back."""
    while (shorter := re.sub(r"<[^<>]+>", "<>", text.replace("->", "").replace("<>", "\0"))) != text:
        text = shorter
    return re.sub(r"\0", "<>", text)


def sample(units, every, root):
    """One of `every` units of each target, at least one, and all precompiled headers."""
    targets = collections.defaultdict(list)
    for unit in units:
        targets[unit.target].append(unit)
    chosen = []
    for of_target in targets.values():
        of_target.sort(key=lambda unit: zlib.crc32(os.path.relpath(unit.file, root).encode()))
        chosen += [unit for place, unit in enumerate(of_target) if unit.is_precompiled_header or place % every == 0]
    return chosen


def header_name(path):
    """Without symbolic links and what leads to the include folder; our own headers by their path from the root."""
    real = os.path.realpath(path)
    return re.sub(r"^.*?/(?=(gateway|tests)/[a-z])|^/usr/include/(c\+\+/[0-9]+/)?", "", real)


def source_folder(build):
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        return next(line.strip().split("=", 1)[1] for line in file if line.startswith("CMAKE_HOME_DIRECTORY:"))


def print_top(title, sums, counts, unit, top):
    print(f"\n{title}")
    for name, seconds in sums.most_common(top):
        print(f"{seconds:9.1f} s {counts[name]:7.0f} {unit}  {name}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--build", default="build/dev", help="folder of the preset, built (default: %(default)s)")
    options.add_argument("--every", type=int, default=6, metavar="N", help="compile one of N units; 1 is all (default: %(default)s)")
    options.add_argument("--only", default="", metavar="TEXT", help="only units whose path holds TEXT")
    options.add_argument("--top", type=int, default=10, metavar="N", help="so many headers and templates (default: %(default)s)")
    options.add_argument("--add", default="", metavar="FLAGS", help="more compiler flags, to try them")
    options.add_argument("--json", metavar="FILE", help="write the CPU seconds of each compiled unit there")
    given = options.parse_args()

    root = source_folder(given.build)
    given.build = os.path.abspath(given.build)
    commands = subprocess.run(["ninja", "-C", given.build, "-t", "commands", "all"], check=True, capture_output=True, text=True).stdout
    units = [Unit(given.build, line) for line in commands.splitlines() if re.search(r" -c \S+\.(cpp|cxx)$", line)]
    units = [unit for unit in units if given.only in unit.file]
    chosen = sample(units, given.every, root)
    all_of = collections.Counter(unit.target for unit in units)
    chosen_of = collections.Counter(unit.target for unit in chosen)
    seconds_of, traces, rows = collections.Counter(), Traces(), {}
    with tempfile.TemporaryDirectory() as folder:
        for unit in chosen:
            name = unit.target
            try:
                seconds, trace = unit.compile(folder, shlex.split(given.add))
            except NotCompiled as failed:
                print(f"Left out, since it does not compile: {unit.file}\n{failed}", file=sys.stderr)
                chosen_of[name] -= 1
                all_of[name] -= 1
                continue
            seconds_of[name] += seconds
            rows[os.path.relpath(unit.file, root)] = round(seconds, 3)
            if trace is not None:
                traces.add(trace, all_of[name] / chosen_of[name])

    total = 0.0
    print("CPU s   s per unit  units  measured  target")
    for name in sorted(all_of):
        if chosen_of[name] == 0:  # none of its sample compiles
            continue
        scaled = seconds_of[name] * all_of[name] / chosen_of[name]
        total += scaled
        print(f"{scaled:7.1f}     {seconds_of[name] / chosen_of[name]:6.2f}  {all_of[name]:5}  {chosen_of[name]:8}  {name}")
    print(f"{total:7.1f} CPU seconds in all, {sum(seconds_of.values()):.1f} of them measured")
    if traces.phases:
        print("\nPhases (they lie in each other)")
        for name, seconds in traces.phases.most_common(given.top):
            print(f"{seconds:9.1f} s  {name}")
        print_top("Headers", traces.headers, traces.header_units, "units", given.top)
        print_top("Templates", traces.templates, traces.template_count, "times", given.top)
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1, sort_keys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
