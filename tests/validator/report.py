"""report.py ISSUES EXPECTED FILES: prints the validator's issues by kind, and leaves out what EXPECTED explains."""
import re
import sys


def main():
    issues, expected, files = sys.argv[1:4]
    reasons = []
    with open(expected, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                pattern, reason = line.rstrip("\n").split("\t")
                reasons.append((re.compile(pattern), reason))
    counts, explained = {}, 0
    with open(issues, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("issue\t"):
                continue
            _, file, severity, place, says = line.rstrip("\n").split("\t", 4)
            if any(pattern.search(says) for pattern, _ in reasons):
                explained += 1
                continue
            counts[severity] = counts.get(severity, 0) + 1
            print(f"{severity}: {file}: {place}: {says}")
    told = ", ".join(f"{number} {severity}" for severity, number in sorted(counts.items())) or "no issue"
    print(f"{files} files: {told}; {explained} issues that are explained in expected.tsv")
    sys.exit(1 if counts.get("error") or counts.get("fatal") else 0)


main()
