"""Windows and the watermark against a model of them: results, their order, and which records are late."""

import datetime
import json
import subprocess

from data import seeded


def events(r):
    """Milliseconds, a key and a number; mostly in order, some far out of it, some before 1970."""
    now, out = r.choice([0, 1_000_000, -50_000]), []
    for _ in range(r.choice([0, 1, 10, 200])):
        now += r.choice([0, 1, 300, 1500, 9000])
        back = r.choice([0, 0, 0, 0, 700, 4000, 30000])
        out.append((now - back, r.choice("abc"), r.randint(-5, 9)))
    return out


class Watermark:
    """In nanoseconds; none without a delay."""

    def __init__(self, delay):
        self.delay, self.reached = delay, None

    def is_past(self, end):
        return self.reached is not None and end * 1_000_000 - 1 <= self.reached

    def advance(self, at):
        if self.delay is not None:
            reached = (at - self.delay) * 1_000_000
            self.reached = reached if self.reached is None else max(self.reached, reached)


def sliding(at, size, every, offset):
    last = (at - offset) // every * every + offset
    return [(start, start + size) for start in range(last, at - size, -every)]


def cumulating(at, size, every, offset):
    start = (at - offset) // size * size + offset
    return [(start, end) for end in range(start + every, start + size + 1, every) if end > at]


def aligned(stream, windows_of, delay):
    """(start, end, key, values) in the order of the windows' ends, then of their first records; and the late events."""
    opened, results, late, watermark = {}, [], [], Watermark(delay)

    def close(windows):
        for window in sorted(windows, key=lambda w: w[1]):
            results.extend((*window, key, values) for key, values in opened.pop(window).items())
    for at, key, value in stream:
        alive = [window for window in windows_of(at) if not watermark.is_past(window[1])]
        if not alive:
            late.append((at, key, value))
        for window in sorted(alive):
            opened.setdefault(window, {}).setdefault(key, []).append(value)
        watermark.advance(at)
        close([window for window in opened if watermark.is_past(window[1])])
    close(list(opened))
    return results, late


def time_text(milliseconds):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
    text = time.strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{milliseconds % 1000:03}Z" if milliseconds % 1000 else "Z")


def sessions_of(stream, gap, delay):
    """(start, end, key, values) by the sessions' ends, then their first records; and the late events. Sessions that touch are one."""
    opened, results, late, watermark = [], [], [], Watermark(delay)

    def close(sessions):
        for s in sorted(sessions, key=lambda s: (s["end"], s["events"][0])):
            opened.remove(s)
            results.append((s["start"], s["end"], s["key"], [stream[i][2] for i in s["events"]]))
    for i, (at, key, _) in enumerate(stream):
        whole = {"start": at, "end": at + gap, "key": key, "events": [i]}
        for s in [s for s in opened if s["key"] == key and s["start"] <= whole["end"] and at <= s["end"]]:
            opened.remove(s)
            whole = {"start": min(whole["start"], s["start"]), "end": max(whole["end"], s["end"]), "key": key,
                     "events": sorted(whole["events"] + s["events"])}
        if watermark.is_past(whole["end"]):
            late.append(stream[i])
        else:
            opened.append(whole)
        watermark.advance(at)
        close([s for s in opened if watermark.is_past(s["end"])])
    close(list(opened))
    return results, late


def counts_of(stream, size, every):
    """(start, end, key, values), as the windows' last records come, then as they began."""
    seen, results, opened = {}, [], []
    for _, key, value in stream:
        position = seen[key] = seen.get(key, -1) + 1
        if position % every == 0:
            opened.append((position, position + size, key, []))
        for window in [w for w in opened if w[2] == key]:
            window[3].append(value)
            if len(window[3]) == size:
                opened.remove(window)
                results.append(window)
    return results + opened


# Stages, and what they make of a window's values of one key.
GATHERS = [
    (["aggregate", "n = count(), s = sum(v), m = max(v)"], lambda v: [{"n": len(v), "s": sum(v), "m": max(v)}]),
    (["aggregate", "l = list(v), f = last(v)"], lambda v: [{"l": v, "f": v[-1]}]),
    (["aggregate", "n = count()", "--by", "v"], lambda v: [{"v": x, "n": v.count(x)} for x in dict.fromkeys(v)]),
    (["sort", "v", "then", "select", "k, v", "then", "tail", "2"], lambda v: [{"v": x} for x in sorted(v)[-2:]]),
    (["filter", "v > 2", "then", "count"], lambda v: [{"count": sum(x > 2 for x in v)}] if any(x > 2 for x in v) else []),
]


def windows_of_all(r, stream, delay):
    every = r.choice([1000, 5000, 60000])
    size = every * r.choice([1, 1, 2, 3])
    offset = r.choice([0, 0, 250, -100])
    kind, flags = r.choice([(sliding, []), (sliding, []), (cumulating, ["--cumulate"])])
    words = ["window", f"{size}ms", "--every", f"{every}ms", "--offset", f"{offset}ms", "--on", "ts", *flags]
    results, late = aligned(stream, lambda at: kind(at, size, every, offset), delay)
    gathers = (["aggregate", "n = count(), s = sum(v)", "--by", "k"], lambda v: [{"n": len(v), "s": sum(v)}])
    return words, results, late, gathers, time_text


def windows_of_a_key(r, stream, delay):
    """What is gathered by merging, and what needs the records in their order."""
    if r.random() < 0.6:
        gap = r.choice([300, 1000, 9000, 40000])
        results, late = sessions_of(stream, gap, delay)
        return ["window", "session", f"{gap}ms", "--on", "ts", "--by", "k"], results, late, r.choice(GATHERS), time_text
    size = r.choice([1, 2, 7])
    every = r.choice([size, 1])
    return ["window", "count", str(size), "--every", str(every), "--by", "k"], counts_of(stream, size, every), [], r.choice(GATHERS), int


def windows(laws, seed, count):
    for number in range(2 * count):
        r = seeded("windows", seed, number)
        stream, delay = events(r), r.choice([None, 0, 500, 5000])
        words, results, late, (gathers, fields), bound = r.choice([windows_of_all, windows_of_a_key])(r, stream, delay)
        if delay is not None and "--on" in words:
            words += ["--delay", f"{delay}ms", "--late-to", "/dev/stderr"]
        words += ["then", *gathers, "--quiet", "-j", r.choice(["1", "2"])]
        lines = "".join(json.dumps({"ts": r.choice([time_text(at), at / 1000]), "k": key, "v": value}) + "\n" for at, key, value in stream)
        done = subprocess.run([laws.riffle, "-i", "ndjson", *words], input=lines.encode(), capture_output=True)
        expected = [{"window_start": bound(a), "window_end": bound(b), "k": k, **more} for a, b, k, v in results for more in fields(v)]
        got = [json.loads(line) for line in done.stdout.splitlines()]
        what = f"seed {seed}, number {number}: {' '.join(words)}"
        laws.check(got == expected, f"{what}: {next((pair for pair in zip(got, expected) if pair[0] != pair[1]), (len(got), len(expected)))}")
        came_late = [(e["k"], e["v"]) for e in map(json.loads, done.stderr.splitlines())]
        laws.check(came_late == [(k, v) for _, k, v in late], f"{what}: late: {came_late[:5]}, expected {late[:5]}")
