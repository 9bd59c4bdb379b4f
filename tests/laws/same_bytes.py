"""The same bytes, whatever the size of blocks, the threads, the instruction set and the way the input arrives."""

import gzip
import pathlib
import subprocess
import tempfile

from data import KINDS, NAMELESS, joining, seeded
from pipelines import JOINED, pipeline


def kernels(laws):
    """Instruction sets, for riffle's own kernel and for simdjson's, that the program runs here."""
    pairs = [("sse4", "westmere"), ("avx2", "haswell"), ("avx512", "icelake"), ("neon", "arm64")]
    sets = [{"RIFFLE_KERNEL": own, "SIMDJSON_FORCE_IMPLEMENTATION": theirs} for own, theirs in pairs]
    return [one for one in sets if laws.takes(["-i", "csv"], one)]


def same_bytes(laws, seed, count):
    sets = kernels(laws)
    for number in range(count):
        r = seeded("same bytes", seed, number)
        kind = r.choice(["ndjson", "ndjson", "ndjson", "csv", "csv", "json", "tsv", "text", "logfmt", "clf", "syslog", "w3c", "columns"])
        data = KINDS[kind](r, r.choice([0, 1, 5, 60, 300]), r.choice([0, 0.03, 0.3]))
        with tempfile.TemporaryDirectory() as folder:
            for file, content in JOINED.items():
                pathlib.Path(folder, file).write_bytes(content)
            words = laws.accepted(lambda: pipeline(r, kind), kind, folder)
            words += joining(r, kind)
            one_input(laws, r, kind, data, words, folder, sets, f"seed {seed}, number {number}: {kind} {' '.join(words)}")


def one_input(laws, r, kind, data, words, folder, sets, what):
    name = f"in.{kind}"
    if kind in NAMELESS:
        words = [*words, "-i", kind]
    pathlib.Path(folder, name).write_bytes(data)
    expected = laws.from_file([name, *words, "-j", "1"], folder)
    if expected.status == 2 and b": no field '" in expected.stderr:
        return  # the fields of a joined file are known once it is read
    laws.check(expected.status in (0, 1), f"{what}: status {expected.status}: {expected.stderr[:300]!r}")
    for block in (1, r.randint(2, 5000), 1 << 20):
        for jobs in r.sample(["1", "2", "4", "7"], 2):
            environment = {"RIFFLE_BLOCK": str(block), **(r.choice(sets) if sets else {})}
            got = laws.from_file([name, *words, "-j", jobs], folder, environment)
            laws.check(got == expected, f"{what}: block {block}, -j {jobs}, {environment}: {expected.difference(got)}")
    expected = expected.without_name(name)
    if r.random() < 0.3:
        packed, suffix = (gzip.compress(data), "gz") if r.random() < 0.5 else (zstd(data), "zst")
        pathlib.Path(folder, f"{name}.{suffix}").write_bytes(packed)
        got = laws.from_file([f"{name}.{suffix}", *words], folder).without_name(f"{name}.{suffix}")
        laws.check(got == expected, f"{what}: compressed: {expected.difference(got)}")
    if "table" in words:
        return  # its widths may depend on how a live input pauses
    piece = 1 if len(data) < 20000 else r.choice([37, 4096])
    got = laws.from_pipe([*([] if kind in NAMELESS else ["-i", kind]), *words, "-j", r.choice(["1", "2"])], folder, data, piece).without_name(name)
    laws.check(got == expected, f"{what}: {piece} bytes at a time: {expected.difference(got)}")


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout
