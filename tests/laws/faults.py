"""System calls that fail or do half of their work (R3, R4, R7): a run says so and ends with status
3, publishing nothing, or gives the same bytes. Injected by strace; skipped by name without it."""

import gzip
import os
import pathlib
import shutil
import subprocess
import tempfile

# What fails, and with what: each at its n-th call. `same`: to be repeated, not to be reported.
FAILING = [("write", "ENOSPC", False), ("pwrite64", "ENOSPC", False), ("write", "EIO", False),
           ("fsync", "EIO", False), ("close", "EIO", None), ("linkat", "EACCES", False),
           ("rename,renameat,renameat2", "EACCES", False), ("clone,clone3", "EAGAIN", True),
           ("write,read,fsync", "EINTR", True)]
PIPELINES = [["x.ndjson", "-o", "out.ndjson", "filter", "true"],
             ["x.ndjson", "-o", "out.csv.gz", "filter", "true"],
             ["x.ndjson.gz", "-o", "out.ndjson.zst", "select", "n"],
             ["x.ndjson", "-o", "out.ndjson", "tee", "t.csv", "then", "count"],
             ["x.ndjson", "-o", "out.ndjson", "split", "s/{k}.ndjson", "--max-open", "1", "then", "count"],
             ["x.ndjson", "-o", "out.ndjson", "--memory", "100k", "sort", "n desc"],
             ["x.ndjson", "bad.ndjson", "-o", "out.ndjson", "--rejects", "r.ndjson", "--summary", "s.json", "count"]]


def write_inputs(folder):
    lines = "".join(f'{{"k":{n % 3},"n":{n * 7919 % 5003}}}\n' for n in range(5000))
    pathlib.Path(folder, "x.ndjson").write_text(lines)
    pathlib.Path(folder, "x.ndjson.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))
    pathlib.Path(folder, "bad.ndjson").write_text('{"k":1,"n":1}\n{\n')
    for name in ("out.ndjson", "out.csv.gz", "out.ndjson.zst"):
        pathlib.Path(folder, name).write_text("old\n")


def run(laws, words, *inject):
    """Status, messages and the files afterwards of a run with these calls injected."""
    with tempfile.TemporaryDirectory() as folder:
        write_inputs(folder)
        trace = ["strace", "-f", "-qq", "-o", "/dev/null", *inject] if inject else []
        done = subprocess.run([*trace, laws.riffle, *words], cwd=folder, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=60,
                              env={**os.environ, "TMPDIR": folder, "ASAN_OPTIONS": "detect_leaks=0"})
        files = {str(path.relative_to(folder)): path.read_bytes()
                 for path in pathlib.Path(folder).rglob("*") if path.is_file()}
        return done.returncode, done.stderr, files


def calls_of_loader(laws, calls):
    """How often the program makes these calls before it begins: its first own call is eventfd2."""
    with tempfile.TemporaryDirectory() as folder:
        write_inputs(folder)
        log = pathlib.Path(folder, "log")
        subprocess.run(["strace", "-qq", "-o", str(log), "-e", f"trace={calls},eventfd2", laws.riffle, "x.ndjson", "head", "1"],
                       cwd=folder, capture_output=True, timeout=60)
        return log.read_text().partition("eventfd2")[0].count("\n")


def faults(laws):
    if not shutil.which("strace") or subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"],
                                                    stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: faults (strace is not installed, or may not trace)")
        return
    before = {calls: calls_of_loader(laws, calls) for calls, _, _ in FAILING}
    for words in PIPELINES:
        expected = run(laws, words)
        for calls, error, is_repeated in FAILING:
            for n in (before[calls] + at for at in (1, 2, 3, 5)):
                # Calls are counted by thread.
                jobs = ["-j", "2" if "clone" in calls else "1"]
                got = run(laws, [*words, *jobs], "-e", f"inject={calls}:error={error}:when={n}")
                check(laws, f"{calls} {error} when={n}: {' '.join(words)}", got, expected, words,
                      is_repeated)


def check(laws, what, got, expected, words, is_repeated):
    status, messages, files = got
    if status == expected[0]:
        # The write that fails may be that of a message.
        laws.check(files == expected[2] and messages in (expected[1], b""), f"faults: {what}: other results, {messages!r}")
        return
    laws.check(not is_repeated, f"faults: {what}: status {status}, {messages!r}")
    laws.check(status == 3 and b": " in messages, f"faults: {what}: status {status}, {messages!r}")
    out = words[words.index("-o") + 1]
    # Once it has its name, the folder may still fail to sync.
    laws.check(files.get(out) == b"old\n" or ("fsync" in what and files[out] == expected[2][out]),
               f"faults: {what}: replaces {out}")
    left = [name for name in files if ".riffle-" in name]
    laws.check(not left, f"faults: {what}: leaves {left}")
