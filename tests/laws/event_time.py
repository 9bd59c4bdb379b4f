"""`distinct --within`, `join --asof` and `join --within` against models that look at all records."""

import json
import os
import pathlib
import re
import subprocess
import tempfile

from data import seeded

KINDS = ["inner", "left", "semi", "anti"]


def records(r, count, name):
    """In about the order of their times (milliseconds), which may be equal."""
    now, made = 0, []
    for number in range(count):
        now += r.choice([0, 0, 100, 100, 900])
        made.append({"ts": (now - r.choice([0, 0, 0, 300, 2500])) / 1000, "k": r.choice(["x", "y", 7, None]), name: number})
    return made


def milliseconds(record):
    return round(record["ts"] * 1000)


class Stream:
    """Which of its records are late."""

    def __init__(self, delay):
        self.delay, self.watermark = delay, None

    def takes(self, time):
        is_late = self.delay is not None and self.watermark is not None and time < self.watermark
        if self.delay is not None:
            self.watermark = max(time - self.delay, time - self.delay if self.watermark is None else self.watermark)
        return not is_late


def run(laws, r, folder, words, left, right):
    pathlib.Path(folder, "right.ndjson").write_text("".join(json.dumps(record) + "\n" for record in right))
    done = subprocess.run([laws.riffle, "-i", "ndjson", *words], cwd=folder, capture_output=True,
                          input="".join(json.dumps(record) + "\n" for record in left).encode(),
                          env=dict(os.environ, RIFFLE_BLOCK=str(r.choice([1, 100, 1000, 262144]))))
    told = re.search(r"(\d+) records? came later", done.stderr.decode())
    return done, [json.loads(line) for line in done.stdout.splitlines()], int(told[1]) if told else 0


def joined(kind, left, found):
    """What comes out for a record for which these were found."""
    if kind in ("semi", "anti"):
        return [left] if bool(found) == (kind == "semi") else []
    pairs = [{**left, **{f"o_{name}": value for name, value in right.items() if name != "k"}} for right in found]
    return pairs or ([left] if kind == "left" else [])


def check_distinct(laws, r, folder, what):
    span, delay = r.choice([100, 1000, 3000]), r.choice([None, 0, 500, 5000])
    left = records(r, r.choice([0, 5, 200]), "n")
    firsts, watermark, expected = [], None, []
    for record in left:
        time = milliseconds(record)
        firsts = [first for first in firsts if watermark is None or first[0] + span > watermark]
        if all(key != record["k"] or abs(time - at) >= span for at, key in firsts):
            firsts.append((time, record["k"]))
            expected.append(record)
        watermark = max(time - (delay or 0), time - (delay or 0) if watermark is None else watermark)
    words = ["distinct", "k", "--within", f"{span}ms", "--on", "ts"] + ([] if delay is None else ["--delay", f"{delay}ms"])
    done, got, _ = run(laws, r, folder, words, left, [])
    laws.check(done.returncode == 0 and got == expected, f"{what}: {words}: {done.stderr.decode()[:300]} {got[:9]}, expected {expected[:9]}")


def check_asof(laws, r, folder, what):
    kind, left, right = r.choice(KINDS), records(r, r.choice([0, 5, 200]), "n"), records(r, r.choice([0, 5, 100]), "o")
    by_key = r.random() < 0.8
    r.shuffle(right)
    expected = []
    for record in left:
        found = [o for o in right if o["ts"] <= record["ts"] and (not by_key or (record["k"] is not None and o["k"] == record["k"]))]
        latest = [max(enumerate(found), key=lambda o: (o[1]["ts"], o[0]))[1]] if found else []
        expected += joined(kind, record, latest)
    words = ["join", "right.ndjson", "--asof", "ts", "--kind", kind] + (["--on", "k"] if by_key else [])
    words += ["--prefix", "o_"] if kind in ("inner", "left") else []
    done, got, _ = run(laws, r, folder, words, left, right)
    if not by_key:  # the other record's k has a name of its own then
        got = [{name: value for name, value in record.items() if name != "o_k"} for record in got]
    laws.check(done.returncode == 0 and got == expected, f"{what}: {words}: {done.stderr.decode()[:300]} {got[:9]}, expected {expected[:9]}")


def check_within(laws, r, folder, what):
    kind, left, right = r.choice(KINDS), records(r, r.choice([0, 5, 200]), "n"), records(r, r.choice([0, 5, 200]), "o")
    span, delay = r.choice([0, 100, 1000, 4000]), r.choice([None, 0, 400, 3000])
    expected, late = [], 0
    here, there = Stream(delay), Stream(delay)
    others, read = [], 0
    for record in left:
        time = milliseconds(record)
        if not here.takes(time):
            late += 1
            continue
        while read < len(right) and (there.watermark is None or there.watermark <= time + span):
            if there.takes(milliseconds(right[read])):
                others.append(right[read])
            else:
                late += 1
            read += 1
        found = [o for o in others if record["k"] is not None and o["k"] == record["k"] and abs(milliseconds(o) - time) <= span]
        expected += joined(kind, record, found)
    words = ["join", "right.ndjson", "--on", "k", "--within", f"{span}ms", "--time", "ts", "--kind", kind]
    words += ([] if delay is None else ["--delay", f"{delay}ms"]) + (["--prefix", "o_"] if kind in ("inner", "left") else [])
    done, got, told = run(laws, r, folder, words, left, right)
    laws.check(done.returncode == 0 and got == expected and told == late,
               f"{what}: {words}: {done.stderr.decode()[:300]} {got[:9]}, expected {expected[:9]}, {late} late")


def event_time(laws, seed, count):
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            for check in (check_distinct, check_asof, check_within):
                check(laws, seeded("event time", seed, number), folder, f"{check.__name__}, seed {seed}, number {number}")
