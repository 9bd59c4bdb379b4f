"""A run whose stages are saved between two blocks, and loaded into new ones, goes on as if nothing
had happened: the same output, side outputs, rejects, counts and status. (Messages count what failed
in an expression once for each of the two pipelines.)"""

import dataclasses
import pathlib
import tempfile

import spilling
from data import KINDS, NAMELESS, joining, seeded
from pipelines import JOINED, pipeline


def save_load(laws, seed, count):
    for number in range(count):
        r = seeded("save and load", seed, number)
        kind = r.choice(["ndjson", "ndjson", "csv", "json", "tsv", "text", "logfmt", "clf", "syslog", "w3c", "columns"])
        spills = kind in ("ndjson", "csv") and r.random() < 0.2
        sizes = [700, 1500] if spills else [5, 60, 300, 1000]
        data = KINDS[kind](r, r.choice(sizes), r.choice([0, 0.03]))
        with tempfile.TemporaryDirectory() as folder:
            for file, content in JOINED.items():
                pathlib.Path(folder, file).write_bytes(content)
            words = laws.accepted(lambda: drawn(r, kind, spills), kind, folder)
            words = [*words, *joining(r, kind)]
            if "--summary" not in words:
                words = [*words, "--summary", "summary.json"]
            what = f"seed {seed}, number {number}: {kind} {' '.join(words)}"
            one_input(laws, r, kind, data, words, folder, what)


def drawn(r, kind, spills):
    return [*spilling.pipeline(r), "--memory", r.choice(spilling.LIMITS)] if spills else pipeline(r, kind)


def one_input(laws, r, kind, data, words, folder, what):
    name = f"in.{kind}"
    if kind in NAMELESS:
        words = [*words, "-i", kind]
    pathlib.Path(folder, name).write_bytes(data)
    for _ in range(3):
        block = r.choice([1, 200, 2000])
        blocks = max(1, len(data) // max(block, 50))
        environment = {"RIFFLE_BLOCK": str(block)}
        expected = laws.from_file([name, *words], folder, environment)
        environment["RIFFLE_SAVE_AT"] = str(r.randint(1, blocks))
        jobs = ["-j", r.choice(["1", "1", "3"])]
        got = laws.from_file([name, *words, *jobs], folder, environment)
        if spilling_failed(expected) or spilling_failed(got):
            return
        got, expected = without_messages(got), without_messages(expected)
        laws.check(got == expected, f"{what}: {environment} {jobs}: {expected.difference(got)}")


def spilling_failed(result):
    """One group, or the keys of one part, may be more than all memory."""
    return result.status == 3 and b"cannot be put on disk" in result.stderr


def without_messages(result):
    return dataclasses.replace(result, stderr=b"")
