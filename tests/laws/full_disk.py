"""A disk that fills up while state spills: the run fails by name, publishes nothing and leaves no
file behind."""

import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile

PIPELINES = [["sort", "n desc"], ["distinct", "n"], ["aggregate", "l = list(n)", "--by", "n"],
             ["count", "--by", "n"]]
SIZE = 256 << 10


def on_small_disk(command):
    """The command where SMALL is a disk of SIZE bytes."""
    return ["unshare", "--user", "--map-root-user", "--mount", "bash", "-c",
            f'mount -t tmpfs -o size={SIZE} none "$SMALL" && exec "$@"', "bash", *command]


def has_small_disks(folder):
    return shutil.which("unshare") and subprocess.run(
        on_small_disk(["true"]), env={**os.environ, "SMALL": folder},
        stderr=subprocess.DEVNULL).returncode == 0


def limit_files():
    """Files of SIZE bytes at most: a write that goes on fails."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE, SIZE))


def full_disk(laws):
    with tempfile.TemporaryDirectory() as folder:
        small = pathlib.Path(folder, "small")
        small.mkdir()
        records = (f'{{"n":"{n * 7919 % 40009} {"x" * 40}"}}\n' for n in range(40009))
        pathlib.Path(folder, "in.ndjson").write_text("".join(records))
        ways = {"File too large": (lambda command: command, limit_files)}
        if has_small_disks(str(small)):
            ways["No space left on device"] = (on_small_disk, None)
        else:
            print("skipped: full_disk on a small disk (no file system can be mounted)")
        for reason, (around, before) in ways.items():
            for stages in PIPELINES:
                for jobs in ("1", "3"):
                    fails(laws, folder, around, before, reason,
                          [*stages, "--memory", "600k", "-j", jobs])


def fails(laws, folder, around, before, reason, words):
    done = subprocess.run(around([laws.riffle, "in.ndjson", *words, "-o", "out.ndjson"]),
                          cwd=folder, env={**os.environ, "SMALL": "small", "TMPDIR": "small"},
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=before)
    what = f"full_disk: {' '.join(words)}: status {done.returncode}, {done.stderr!r}"
    laws.check(done.returncode == 3 and b"(a temporary file): " + reason.encode() in done.stderr,
               what)
    left = sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*"))
    laws.check(left == ["in.ndjson", "small"], f"{what}: left {left}")
