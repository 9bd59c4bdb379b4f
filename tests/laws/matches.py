"""`match` against Python's regular expressions: each record is the letter of the step that it fits."""

import json
import re
import subprocess

from data import seeded

STEPS = {"a": "e == 'a'", "b": "e == 'b'", "c": "e == 'c'"}


def pattern(r, depth=0):
    """A pattern, and the regular expression that it is."""
    def part():
        if depth < 2 and r.random() < 0.3:
            inside, expression = pattern(r, depth + 1)
            return f"({inside})", f"(?:{expression})"
        step = r.choice(["a", "b", "c", "a", "b", "any"])
        return step, "." if step == "any" else step

    def quantified():
        text, expression = part()
        may_be_nothing = re.fullmatch(expression, "") is not None  # what may be nothing is not repeated any number of times
        quantifier = r.choice(["", "?", "{2}"] if may_be_nothing else ["", "", "", "?", "+", "*", "{2}", "{1,}", "{1,3}"])
        return text + quantifier, expression + quantifier
    parts = [quantified() for _ in range(r.randint(1, 3))]
    if r.random() < 0.2:
        return " | ".join(text for text, _ in parts), "|".join(expression for _, expression in parts)
    return " then ".join(text for text, _ in parts), "".join(expression for _, expression in parts)


def matches_of(events, expression, within):
    """(the events' numbers) of each match in one key's events, (time, number, letter) in the order of time."""
    found, first = [], 0
    while first < len(events):
        near = [event for event in events[first:] if event[0] <= events[first][0] + within]
        match = re.match(expression, "".join(letter for _, _, letter in near))
        if match and match.end():
            found.append([number for _, number, _ in near[:match.end()]])
        first += match.end() if match and match.end() else 1
    return found


def check(laws, r, what):
    text, expression = pattern(r)
    if re.fullmatch(expression, ""):
        return  # it may match nothing: refused
    now, events, late, reached = 0, [], 0, None
    delay = r.choice([None, 0, 300, 2000])
    lines = []
    for number in range(r.choice([0, 5, 60, 200])):
        now += r.choice([0, 100, 100, 700])
        at, key, letter = now - r.choice([0, 0, 0, 200, 1500]), r.choice("xy"), r.choice("aaabbcd")
        lines.append({"ts": at / 1000, "k": key, "e": letter, "n": number})
        if delay is not None and reached is not None and at < reached:
            late += 1
        else:
            events.append((at, number, letter, key))
        if delay is not None:
            reached = max(at - delay, reached if reached is not None else at - delay)
    within = r.choice([100, 1000, 5000])
    expected = sorted(m for k in "xy" for m in matches_of([e[:3] for e in sorted(events, key=lambda e: e[:2]) if e[3] == k], expression, within))
    words = ["match", text, "--by", "k", "--within", f"{within}ms", "--on", "ts"]
    for step, define in STEPS.items():
        if step in text.replace("any", "").replace("then", ""):
            words += ["--define", f"{step}={define}"]
    if delay is not None:
        words += ["--delay", f"{delay}ms"]
    done = subprocess.run([laws.riffle, "-i", "ndjson", *words], input="".join(json.dumps(e) + "\n" for e in lines).encode(), capture_output=True)
    got = []
    for found in map(json.loads, done.stdout.splitlines()):
        got.append(sorted((record["ts"], record["n"]) for step in [*STEPS, "any"] for record in found.get(step, [])))
        laws.check(len(got[-1]) == found["count"], f"{what}: {found}")
    got = sorted([n for _, n in match] for match in got)
    laws.check(done.returncode == 0 and got == expected,
               f"{what}: {' '.join(words)}: {done.stderr.decode()[:300]} {got[:6]}, expected {expected[:6]}")
    told = re.search(r"match: (\d+) records? came later", done.stderr.decode())
    laws.check(late == (int(told[1]) if told else 0), f"{what}: {late} late, told: {done.stderr.decode()}")


def matches(laws, seed, count):
    for number in range(2 * count):
        check(laws, seeded("matches", seed, number), f"seed {seed}, number {number}")
