"""`format_time` and `parse_time` do what Python's strftime and strptime do, as far as both go."""

import datetime
import json
import subprocess
import zoneinfo

from data import seeded

ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
         "Pacific/Apia")
# Each says a day, so that a text of one that is read by the other is the same time.
DATES = ("%Y-%m-%d", "%d/%b/%Y", "%Y%m%d", "%Y-%j", "%Y%j", "%G-W%V-%u", "%A %d %B %Y", "%y%m%d",
         "%a %b %d %Y", "%Y %U %w", "%Y %W %a", "%Y%d%m", "%x", "%m/%d/%y", "%d.%m.%Y %%")
TIMES = ("%H:%M:%S", "%H%M%S", "%I:%M:%S %p", "%I %p", "%H:%M", "%H:%M:%S.%f", "%H%M%S%f", "%X")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
SEPARATORS = (" ", "T", "", ", ", ":")
OFFSETS = ("", " %z", "%z", " %Z")


def times(laws, seed, count):
    r = seeded("times", seed, 0)
    cases = [one(r) for _ in range(count * 100)]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([laws.riffle, "-i", "ndjson", "select",
                           'w = format_time(t, p, z), r = epoch(parse_time(x, p, z), "us")'],
                          input=lines, capture_output=True, text=True)
    laws.check(done.returncode == 0 and not done.stderr, f"times {seed}: {done.stderr}")
    for case, line in zip(cases, done.stdout.splitlines(), strict=True):
        got = json.loads(line)
        laws.check(got == {"w": case["x"], "r": read(case)}, f"times {seed}: {case} gave {got}")


def one(r):
    """A time, a pattern, and what Python writes by it."""
    zone = r.choice(ZONES)
    pattern = r.choice(DATES) + r.choice(SEPARATORS) + r.choice(TIMES) + r.choice(OFFSETS)
    short_year = "%y" in pattern or "%x" in pattern
    time = r.randrange(0, 3000000000) if short_year else r.randrange(-2208988800, 4102444800)
    moment = EPOCH + datetime.timedelta(seconds=time, microseconds=r.randrange(1000000))
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return {"t": f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z", "p": pattern, "z": zone,
            "x": local.strftime(pattern)}


def read(case):
    """Microseconds since 1970 of what Python reads; names of zones are of the zone alone there."""
    pattern, text = case["p"], case["x"]
    if pattern.endswith(" %Z"):
        pattern, text = pattern[:-3], text.rsplit(" ", 1)[0]
        return read_named(pattern, text, case)
    moment = datetime.datetime.strptime(text, pattern)
    if not moment.tzinfo:
        moment = moment.replace(tzinfo=zoneinfo.ZoneInfo(case["z"]))
    return microseconds(moment)


def read_named(pattern, text, case):
    """Of a local time that comes twice the one that has the name."""
    local = datetime.datetime.strptime(text, pattern)
    local = local.replace(tzinfo=zoneinfo.ZoneInfo(case["z"]))
    name = case["x"].rsplit(" ", 1)[1]
    return microseconds(next(m for m in (local, local.replace(fold=1)) if m.tzname() == name))


def microseconds(moment):
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)
