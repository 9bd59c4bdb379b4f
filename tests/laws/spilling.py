"""What --memory does not hold comes back from disk as if it had been held."""

import pathlib
import tempfile

from data import KINDS, seeded

BEFORE = [[], [], ["filter", "n >= 0"], ["transform", "x = [n, {a: level, b: @2026-01-31T10:00:00Z}], y = n * 2"], ["select", "level,n,x,user.id,ts"],
          ["explode", "tags"], ["rename", "m=n"], ["drop", "x"]]
HOLDS = [
    lambda r: ["sort", r.choice(["n desc, x", "x", "level, x desc", "ts", "user.name desc, n", "tags"])],
    lambda r: ["distinct"] + r.choice([[], ["n"], ["level,x"], ["user.id"]]),
    lambda r: ["count", "--by", r.choice(["level", "x", "level,n", "tags"])],
    lambda r: ["aggregate", "c = count(), s = sum(n), a = avg(n), p50(n), lo = min(x), hi = max(x), d = distinct(x), f = first(x), z = last(x), "
               "l = list(n), e = (count() where n > 5)", "--by", r.choice(["level", "x", "user.id, h = n % 2", "ts"])],
    lambda r: ["aggregate", "s = set(x), m = mode(x), e = entropy(level), j = join_text(n), a = arg_min(x, n), b = arg_max(n, x), "
               "y = any(n > 5), z = every(n > 0), h = histogram(n, 3), d = approx_distinct(x), q = approx_quantile(n, 0.9), "
               "t = top_values(x, 3)", "--by", r.choice(["level", "x", "user.id, k = n % 2", "ts"])],
]
LIMITS = ["40k", "80k", "120k"]


def spilling(laws, seed, count):
    spilled = 0
    for number in range(count):
        r = seeded("spilling", seed, number)
        kind = r.choice(["ndjson", "ndjson", "csv"])
        data = KINDS[kind](r, r.choice([700, 2500]), r.choice([0, 0.03]))
        with tempfile.TemporaryDirectory() as folder:
            words = laws.accepted(lambda: pipeline(r), kind, folder)
            spilled += one_input(laws, r, kind, data, words, folder, f"seed {seed}, number {number}: {kind} {' '.join(words)}")
    laws.check(spilled * 3 > count, f"spilling: only {spilled} of {count} runs used the disk")


def pipeline(r):
    words = []
    for stage in (r.choice(BEFORE), r.choice(HOLDS)(r), r.choice([[], [], r.choice(HOLDS)(r)])):
        words += (["then"] if words and stage else []) + stage
    return words


def one_input(laws, r, kind, data, words, folder, what):
    """Whether the disk was used."""
    name = f"in.{kind}"
    pathlib.Path(folder, name).write_bytes(data)
    expected = laws.from_file([name, *words], folder)
    words = [*words, "--memory", r.choice(LIMITS), "-j", r.choice(["1", "3"])]
    block = {"RIFFLE_BLOCK": str(r.choice([1, 300, 5000]))}
    got = laws.from_file([name, *words], folder, block)
    # One group, or the keys of one part, may be more than all memory: that is said by name.
    if got.status == 3 and b"cannot be put on disk" in got.stderr:
        return False
    laws.check(got == expected, f"{what} {' '.join(words[-4:])} {block}: {expected.difference(got)}")
    nowhere = laws.from_file([name, *words], folder, {**block, "TMPDIR": "/nowhere"})
    if nowhere == expected:
        return False
    laws.check(nowhere.status == 3 and b"/nowhere (a temporary file): No such file" in nowhere.stderr,
               f"{what}: without a place for temporary files: {nowhere.status}, {nowhere.stderr!r}")
    return True
