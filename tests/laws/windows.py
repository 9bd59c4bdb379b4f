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


def model(stream, size, every, offset, delay):
    """(start, end, key, count, sum) in the order of the windows' ends, and the late events. delay None: all count."""
    open_windows, results, late, watermark = {}, [], [], None

    def close_until(time):
        for end in sorted(e for e in open_windows if time is None or e * 1_000_000 - 1 <= time):
            for key, (n, total) in open_windows.pop(end).items():
                results.append((end - size, end, key, n, total))
    for at, key, value in stream:
        last_start = (at - offset) // every * every + offset
        ends = [start + size for start in range(last_start, at - size, -every)]
        alive = [end for end in ends if watermark is None or end * 1_000_000 - 1 > watermark]
        if not alive:
            late.append((at, key, value))
        for end in alive:
            n, total = open_windows.setdefault(end, {}).get(key, (0, 0))
            open_windows[end][key] = (n + 1, total + value)
        if delay is not None:
            reached = (at - delay) * 1_000_000
            watermark = reached if watermark is None else max(watermark, reached)
            close_until(watermark)
    close_until(None)
    return results, late


def time_text(milliseconds):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
    text = time.strftime("%Y-%m-%dT%H:%M:%S")
    return text + (f".{milliseconds % 1000:03}Z" if milliseconds % 1000 else "Z")


def windows(laws, seed, count):
    for number in range(count):
        r = seeded("windows", seed, number)
        every = r.choice([1000, 5000, 60000])
        size = every * r.choice([1, 1, 2, 3])
        offset = r.choice([0, 0, 250, -100])
        delay = r.choice([None, 0, 500, 5000])
        stream = events(r)
        words = ["window", f"{size}ms", "--every", f"{every}ms", "--offset", f"{offset}ms", "--on", "ts"]
        if delay is not None:
            words += ["--delay", f"{delay}ms", "--late-to", "/dev/stderr"]
        words += ["then", "aggregate", "n = count(), s = sum(v)", "--by", "k", "--quiet", "-j", r.choice(["1", "2"])]
        lines = "".join(json.dumps({"ts": r.choice([time_text(at), at / 1000]), "k": key, "v": value}) + "\n" for at, key, value in stream)
        done = subprocess.run([laws.riffle, "-i", "ndjson", *words], input=lines.encode(), capture_output=True)
        results, late = model(stream, size, every, offset, delay)
        expected = [{"window_start": time_text(a), "window_end": time_text(b), "k": k, "n": n, "s": s} for a, b, k, n, s in results]
        got = [json.loads(line) for line in done.stdout.splitlines()]
        what = f"seed {seed}, number {number}: {' '.join(words)}"
        laws.check(got == expected, f"{what}: {next((pair for pair in zip(got, expected) if pair[0] != pair[1]), (len(got), len(expected)))}")
        came_late = [(e["k"], e["v"]) for e in map(json.loads, done.stderr.splitlines())]
        laws.check(came_late == [(k, v) for _, k, v in late], f"{what}: late: {came_late[:5]}, expected {late[:5]}")
