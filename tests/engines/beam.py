"""Beam's answers (its direct runner with a TestStream): allowed lateness, and panes that accumulate or discard; the sum by key.

A watermark follows each record that raises it. Beam fires a pane at the window's end and at each late record.
"""

import pathlib
import subprocess
import tempfile

import streams

# (kind, size, every, offset, lateness, mode) in milliseconds. Beam's sessions do not join at a gap of exactly that length, riffle's and Flink's do:
# with 3,050 ms and times that are multiples of 100 ms there is none.
CASES = [("tumble", 10_000, 0, 0, 0, "accumulate"), ("tumble", 10_000, 0, 0, 20_000, "accumulate"), ("tumble", 5000, 0, 1500, 4000, "discard"),
         ("hop", 10_000, 4000, 0, 20_000, "discard"), ("hop", 15_000, 5000, 0, 4000, "accumulate"), ("session", 3050, 0, 0, 0, "discard"),
         ("session", 3050, 0, 0, 4000, "accumulate"), ("session", 3050, 0, 0, 20_000, "discard"), ("session", 3050, 0, 0, 20_000, "accumulate")]


def lines(records):
    reached = float("-inf")
    for record in records:
        yield f"{record.at} {record.key} {record.value}\n"
        if record.at - record.delay > reached:
            reached = record.at - record.delay
            yield f"wm {reached}\n"


def answers(oracles, records):
    """{case: sorted (start, end, key, sum, pane)}"""
    found = {}
    with tempfile.NamedTemporaryFile("w") as file:
        file.writelines(lines(records))
        file.flush()
        for case in CASES:
            kind, size, every, offset, lateness, mode = case
            spec = ":".join(map(str, [{"hop": "slide"}.get(kind, kind), size] + [length for length in (every, offset) if length]))
            done = subprocess.run(["bash", str(oracles / "beam" / "run.sh"), "BeamWindows", spec, str(lateness), mode, file.name],
                                  check=True, stdout=subprocess.PIPE, text=True)
            rows = (line.split() for line in done.stdout.splitlines())
            found[case] = sorted((int(row[0]), int(row[1]), row[2], int(row[3]), row[4].lower()) for row in rows)
    return found
