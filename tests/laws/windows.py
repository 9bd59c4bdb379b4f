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


def sessions_of(stream, gap, delay):
    """(start, end, key, values) by the sessions' ends, then their first records; and the late events. Sessions that touch are one."""
    opened, results, late, watermark = [], [], [], None

    def close_until(time):
        done = [s for s in opened if time is None or s["end"] * 1_000_000 - 1 <= time]
        for s in sorted(done, key=lambda s: (s["end"], s["events"][0])):
            opened.remove(s)
            results.append((s["start"], s["end"], s["key"], [stream[i][2] for i in s["events"]]))
    for i, (at, key, _) in enumerate(stream):
        whole = {"start": at, "end": at + gap, "key": key, "events": [i]}
        touching = [s for s in opened if s["key"] == key and s["start"] <= whole["end"] and at <= s["end"]]
        for s in touching:
            opened.remove(s)
            whole = {"start": min(whole["start"], s["start"]), "end": max(whole["end"], s["end"]), "key": key,
                     "events": sorted(whole["events"] + s["events"])}
        if watermark is not None and whole["end"] * 1_000_000 - 1 <= watermark:
            late.append(stream[i])
        else:
            opened.append(whole)
        if delay is not None:
            reached = (at - delay) * 1_000_000
            watermark = reached if watermark is None else max(watermark, reached)
            close_until(watermark)
    close_until(None)
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


def numbered_windows(laws, seed, number):
    """Windows of one key's records: what is gathered by merging, and what needs the records in their order."""
    r = seeded("numbered windows", seed, number)
    stream, delay = events(r), r.choice([None, 0, 500, 5000])
    if r.random() < 0.6:
        gap = r.choice([300, 1000, 9000, 40000])
        words = ["window", "session", f"{gap}ms", "--on", "ts", "--by", "k"]
        if delay is not None:
            words += ["--delay", f"{delay}ms", "--late-to", "/dev/stderr"]
        results, late = sessions_of(stream, gap, delay)
        bound = time_text
    else:
        size = r.choice([1, 2, 7])
        every = r.choice([size, 1])
        words = ["window", "count", str(size), "--every", str(every), "--by", "k"]
        results, late = counts_of(stream, size, every), []
        bound = int
    gathers, fields = r.choice([
        (["aggregate", "n = count(), s = sum(v), m = max(v)"], lambda v: [{"n": len(v), "s": sum(v), "m": max(v)}]),
        (["aggregate", "l = list(v), f = last(v)"], lambda v: [{"l": v, "f": v[-1]}]),
        (["aggregate", "n = count()", "--by", "v"], lambda v: [{"v": x, "n": v.count(x)} for x in dict.fromkeys(v)]),
        (["sort", "v", "then", "select", "k, v", "then", "tail", "2"], lambda v: [{"v": x} for x in sorted(v)[-2:]]),
        (["filter", "v > 2", "then", "count"], lambda v: [{"count": sum(x > 2 for x in v)}] if any(x > 2 for x in v) else []),
    ])
    lines = "".join(json.dumps({"ts": at / 1000, "k": key, "v": value}) + "\n" for at, key, value in stream)
    words += ["then", *gathers, "--quiet", "-j", r.choice(["1", "2"])]
    done = subprocess.run([laws.riffle, "-i", "ndjson", *words], input=lines.encode(), capture_output=True)
    expected = [{"window_start": bound(a), "window_end": bound(b), "k": k, **more} for a, b, k, v in results for more in fields(v)]
    got = [json.loads(line) for line in done.stdout.splitlines()]
    what = f"seed {seed}, number {number}: {' '.join(words)}"
    laws.check(got == expected, f"{what}: {next((pair for pair in zip(got, expected) if pair[0] != pair[1]), (len(got), len(expected)))}")
    came_late = [(e["k"], e["v"]) for e in map(json.loads, done.stderr.splitlines())]
    laws.check(came_late == [(k, v) for _, k, v in late], f"{what}: late: {came_late[:5]}, expected {late[:5]}")


def windows(laws, seed, count):
    for number in range(count):
        numbered_windows(laws, seed, number)
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
