"""Runs with --state over an input that grows write, all together, the bytes of one run over all of it:
wherever the input was cut (in a record, a character, a line end), whichever runs were killed, and
whether the input was rotated in between."""

import gzip
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time

from data import KINDS, NAMELESS, joining, seeded
from pipelines import JOINED, pipeline

# Kinds of which a file can follow another one: no header, and whole lines.
ROTATED = {"ndjson", "text", "logfmt"}


def resume(laws, seed, count):
    for number in range(count):
        r = seeded("resume", seed, number)
        kind = r.choice(["ndjson", "ndjson", "csv", "tsv", "text", "logfmt", "clf", "syslog", "w3c"])
        data = KINDS[kind](r, r.choice([5, 60, 300, 1000]), r.choice([0, 0.03]))
        if not data.endswith(b"\n"):
            data += b"\n"
        with tempfile.TemporaryDirectory() as folder:
            for file, content in JOINED.items():
                pathlib.Path(folder, file).write_bytes(content)
            words = going_on(laws, r, kind, folder)
            what = f"seed {seed}, number {number}: {kind} {' '.join(words)}"
            one_input(laws, r, kind, data, words, folder, what)


LIMITS = {"--strict", "--max-rejects"}  # a run that they stop has not happened


def going_on(laws, r, kind, folder):
    """A pipeline that --state takes: no side outputs, and a format that no frame ends."""
    name = f"accepts.{kind}"
    pathlib.Path(folder, name).write_bytes(KINDS[kind](seeded("accepts", 1, 1), 5, 0))
    while True:
        words = [*laws.accepted(lambda: pipeline(r, kind), kind, folder), *joining(r, kind)]
        if kind in NAMELESS:
            words = [*words, "-i", kind]
        status, _ = completed(laws, [name, *words, "--state", "probe", "-o", "probe.out"], folder)
        for file in ("probe", "probe.out"):
            pathlib.Path(folder, file).unlink(missing_ok=True)
        if status != 2 and not LIMITS & set(words):
            return words


def completed(laws, words, folder, environment=()):
    run = subprocess.run([laws.riffle, *words], cwd=folder, env=dict(os.environ, **dict(environment)),
                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return run.returncode, run.stderr


def one_input(laws, r, kind, data, words, folder, what):
    name = f"in.{kind}"
    path = pathlib.Path(folder, name)
    path.write_bytes(data)
    status, _ = completed(laws, [name, *words, "-o", "one"], folder)
    if status not in (0, 1):
        return
    # Lines are counted in each file.
    rotates = kind in ROTATED and "--multiline" not in words and "line_number" not in " ".join(words)
    path.unlink()
    ends = sorted(r.randint(0, len(data)) for _ in range(r.randint(1, 8)))
    begin, steps = 0, []  # where the file begins in the data, and what was done, for messages
    for end in [*ends, len(data)]:
        if rotates and steps and begin < end and r.random() < 0.3:
            line_end = data.rfind(b"\n", begin, end) + 1
            if line_end > begin:
                path.write_bytes(data[begin:line_end])
                rotate(r, path)
                steps.append(f"rotated at {line_end}")
                begin = line_end
        # Grown in place: it stays the same file.
        with open(path, "ab") as file:
            file.write(data[begin + file.tell():end])
        run(laws, r, [name, *words, "--state", "state", "-o", "out"], folder, what, steps)
        steps.append(f"read up to {end}")
    status, said = completed(laws, [name, *words, "--state", "state", "-o", "out", "--final"], folder)
    laws.check(status in (0, 1), f"{what}: {steps}: {said}")
    one, out = pathlib.Path(folder, "one").read_bytes(), pathlib.Path(folder, "out").read_bytes()
    # The names of fields of which no record came may be known to a run that reads them alone.
    if one.count(b"\n") == out.count(b"\n") == 1 and one.startswith(out.rstrip(b"\r\n")):
        return
    laws.check(one == out, f"{what}: {steps}: one run wrote\n{one[-2000:]!r}\nthese\n{out[-2000:]!r}")


def rotate(r, path):
    """app.log becomes app.log.1, that one app.log.2, and so on; the older ones are perhaps compressed."""
    older = sorted(path.parent.glob(path.name + ".*"), key=lambda p: -int(p.name.split(".")[2]))
    for file in older:
        parts = file.name.split(".")
        parts[2] = str(int(parts[2]) + 1)
        moved = file.rename(file.with_name(".".join(parts)))
        if len(parts) == 3 and r.random() < 0.5:
            zipped = moved.with_name(moved.name + ".gz")
            zipped.write_bytes(gzip.compress(moved.read_bytes()))
            when = moved.stat()
            os.utime(zipped, ns=(when.st_atime_ns, when.st_mtime_ns))
            moved.unlink()
    path.rename(path.with_name(path.name + ".1"))


def run(laws, r, words, folder, what, steps):
    """Killed at some moment, perhaps, and run again: what was killed has not happened."""
    environment = {"RIFFLE_BLOCK": str(r.choice([1, 200, 2000, 262144]))}
    for _ in range(r.choice([0, 0, 1, 2])):
        process = subprocess.Popen([laws.riffle, *words], cwd=folder, env=dict(os.environ, **environment),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        steps.append("killed")
    status, said = completed(laws, words, folder, environment)
    laws.check(status in (0, 1) and b"records may be missing" not in said, f"{what}: {steps}: {said}")
