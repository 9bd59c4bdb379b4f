"""`filter true` writes every valid line as it came; reading and writing again changes nothing."""

import subprocess

from data import csv, logfmt, ndjson, seeded, text, tsv


def identity(laws, seed, count):
    def through(data, *words):
        return subprocess.run([laws.riffle, *words], input=data, capture_output=True)
    for number in range(count):
        r = seeded("identity", seed, number)
        records = ndjson(r, 200).removeprefix(b"\xef\xbb\xbf")
        lines = b"".join(line for line in records.splitlines(keepends=True) if line.strip())
        expected = lines if lines.endswith(b"\n") else lines + b"\n"
        done = through(records, "-i", "ndjson", "filter", "true")
        laws.check(done.stdout == expected and done.returncode == 0, f"identity {seed} {number}: ndjson")
        spoilt = through(records.replace(b"\n", b"\nbroken\n"), "-i", "ndjson", "--quiet", "filter", "true")
        laws.check(spoilt.stdout == expected and spoilt.returncode == 1, f"identity {seed} {number}: ndjson among broken lines")
        for kind, make in (("csv", csv), ("tsv", tsv)):
            table = make(r, 200)
            once = through(table, "-i", kind, "filter", "true").stdout
            plain = table.removeprefix(b"\xef\xbb\xbf")
            laws.check(once.split(b"\n", 1)[1].rstrip(b"\r\n") == plain.split(b"\n", 1)[1].rstrip(b"\r\n"),
                       f"identity {seed} {number}: {kind}")
        for kind, make in (("text", text), ("logfmt", logfmt)):
            lines = make(r, 200)
            end = b"" if lines.endswith(b"\n") else b"\n"
            laws.check(through(lines, "-i", kind, "filter", "true").stdout == lines + end, f"identity {seed} {number}: {kind}")
        for there in ("json", "csv", "tsv", "logfmt"):
            source, kind = (csv(r, 100), "csv") if there != "json" else (records, "ndjson")
            out = through(source, "-i", kind, "-t", there).stdout
            back = through(out, "-i", there, "-t", there).stdout
            laws.check(back == out, f"identity {seed} {number}: {there} read and written again")
