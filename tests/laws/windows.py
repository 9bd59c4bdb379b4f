"""Windows, panes and the watermark against an oracle: results, their order, and which records are late."""

import datetime
import json
import subprocess
import tempfile

from data import seeded
from window_oracle import Aligned, Oracle, Sessions, cumulating, sliding


def events(r, count):
    """Mostly in order, some far out of it, some before 1970; multiples of 100 ms."""
    now, out = r.choice([0, 1_000_000, -50_000]), []
    for _ in range(count):
        now += r.choice([0, 100, 300, 1500, 9000])
        back = r.choice([0, 0, 0, 0, 700, 4000, 30000])
        out.append((now - back, r.choice("abc"), r.randint(-5, 9)))
    return out


def time_text(milliseconds):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
    text = time.strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{milliseconds % 1000:03}Z" if milliseconds % 1000 else "Z")

def counted(stream, size, every):
    """Windows of so many of a key's events, as their last ones come, then as they began."""
    seen, results, opened = {}, [], []
    for _, key, value, _ in stream:
        position = seen[key] = seen.get(key, -1) + 1
        if position % every == 0:
            opened.append((position, position + size, key, None, []))
        for window in [w for w in opened if w[2] == key]:
            window[4].append(value)
            if len(window[4]) == size:
                opened.remove(window)
                results.append(window)
    return results + opened


# Stages, and what they make of the values of one key in a window.
ALL, BY_V = (lambda v: True), ["aggregate", "n = count()", "--by", "v"]
OF_A_KEY = [
    (["aggregate", "n = count(), s = sum(v), m = max(v)"], ALL, lambda v: [{"n": len(v), "s": sum(v), "m": max(v)}]),
    (["aggregate", "l = list(v), f = last(v)"], ALL, lambda v: [{"l": v, "f": v[-1]}]),
    (BY_V, ALL, lambda v: [{"v": x, "n": v.count(x)} for x in dict.fromkeys(v)]),
    (["sort", "v", "then", "drop", "ts"], ALL, lambda v: [{"v": x} for x in sorted(v)]),
    (["filter", "v > 2", "then", "count"], lambda v: v > 2, lambda v: [{"count": len(v)}]),
]
BY_KEY = [
    (["aggregate", "n = count(), s = sum(v)", "--by", "k"], ALL, lambda v: [{"n": len(v), "s": sum(v) if v else None}]),
    (["aggregate", "n = count(), l = list(v)", "--by", "k"], ALL, lambda v: [{"n": len(v), "l": v}]),
    (["filter", "v > 2", "then", "transform", "w = v + 1", "then", "aggregate", "n = count(), s = max(w)", "--by", "k"],
     lambda v: v > 2, lambda v: [{"n": len(v), "s": max(v) + 1 if v else None}]),
]


def panes(r, delay):
    if delay is None or r.random() < 0.4:
        return {}
    some = {"lateness": r.choice([None, 0, 1000, 10000]), "early": r.choice([None, 500, 2000, 7000])}
    return some | {"discard": r.random() < 0.5} if some["lateness"] is not None or some["early"] is not None else {}


def words_of(options):
    words = []
    for name in ("delay", "lateness", "early"):
        if options.get(name) is not None:
            words += [f"--{name}", f"{options[name]}ms"]
    return words + (["--panes", "discard"] if options.get("discard") else []) + (["--fill"] if options.get("fill") else [])


def aligned(r, delay):
    every = r.choice([1000, 5000, 60000])
    size, offset = every * r.choice([1, 1, 2, 3]) + r.choice([0, 0, every // 2]), r.choice([0, 0, 200, -100])
    kind, flags = r.choice([(sliding, []), (sliding, []), (cumulating, ["--cumulate"])])
    if flags:
        size -= size % every
    options = {"delay": delay} | panes(r, delay)
    if len(options) == 1 and r.random() < 0.4:
        options["fill"] = True
    words = ["window", f"{size}ms", "--every", f"{every}ms", "--offset", f"{offset}ms", "--on", "ts", *flags]
    return words + words_of(options), Aligned(kind(size, every, offset), every), options, r.choice(BY_KEY)


def sessions(r, delay):
    gap, options = r.choice([300, 1000, 9000, 40000]), {"delay": delay} | panes(r, delay)
    return ["window", "session", f"{gap}ms", "--on", "ts", "--by", "k", *words_of(options)], Sessions(gap), options, r.choice(OF_A_KEY)


def check(laws, r, what, count):
    stream, delay = events(r, count), r.choice([None, 0, 500, 5000])
    bound = time_text
    if r.random() < 0.15:
        size = r.choice([1, 2, 7])
        every, delay, bound = r.choice([size, 1]), None, int
        words, (gathers, passes, fields) = ["window", "count", str(size), "--every", str(every), "--by", "k"], r.choice(OF_A_KEY[:4])
        results, late = counted([(*event, True) for event in stream], size, every), []
    else:
        words, kind, options, (gathers, passes, fields) = r.choice([aligned, sessions])(r, delay)
        results, late = Oracle([(*event, passes(event[2])) for event in stream], kind, **options).run()
    if delay is not None:
        words += ["--late-to", "/dev/stderr"]
    words += ["then", *gathers, "--quiet", "-j", r.choice(["1", "2"])]
    lines = "".join(json.dumps({"ts": r.choice([time_text(at), at / 1000]), "k": key, "v": value}) + "\n" for at, key, value in stream)
    with tempfile.NamedTemporaryFile("r") as summary:
        done = subprocess.run([laws.riffle, "-i", "ndjson", "--summary", summary.name, *words], input=lines.encode(), capture_output=True)
        window = json.load(open(summary.name))["stages"][0]
    expected = [{"window_start": bound(a), "window_end": bound(b), **({"pane": pane} if pane else {}), "k": k, **more}
                for a, b, k, pane, v in results for more in fields(v)]
    got = [json.loads(line) for line in done.stdout.splitlines()]
    what += f": {' '.join(words)}"
    laws.check(got == expected, f"{what}: {next((pair for pair in zip(got, expected) if pair[0] != pair[1]), (len(got), len(expected)))}")
    account = {"stage": "window", "in": len(stream), "rejected": 0, "windowed": len(stream) - len(late), "late": len(late)}
    laws.check(window == account, f"{what}: the summary has {window}, expected {account}")
    came_late = [(e["k"], e["v"]) for e in map(json.loads, done.stderr.splitlines())]
    laws.check(came_late == [event[1:3] for event in late], f"{what}: late: {came_late[:5]}, expected {late[:5]}")


def windows(laws, seed, count):
    """Many short streams, and some of 1,000 events."""
    for number in range(2 * count):
        r = seeded("windows", seed, number)
        check(laws, r, f"seed {seed}, number {number}", r.choice([0, 1, 10, 100]))
    for number in range(count // 10):
        check(laws, seeded("long windows", seed, number), f"seed {seed}, long number {number}", 1000)
