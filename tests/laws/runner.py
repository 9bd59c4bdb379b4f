"""Runs riffle, and keeps account of the laws that did not hold."""

import dataclasses
import os
import pathlib
import subprocess
import threading

from account import faults_of_account

SIDE_FILES = ("rejects.ndjson", "tee.ndjson", "tee.csv", "late.ndjson", "summary.json")
TIME_LIMIT = 120


@dataclasses.dataclass
class Result:
    """Everything that a run leaves."""
    status: int
    stdout: bytes
    stderr: bytes
    files: dict

    def difference(self, other):
        for name in ("status", "stdout", "stderr", "files"):
            a, b = getattr(self, name), getattr(other, name)
            if a != b:
                return f"{name}: {str(a)[:400]} != {str(b)[:400]}"
        return "none"

    def without_name(self, name):
        """Messages and rejects name the input: the same with another name for it."""
        def renamed(data):
            return data.replace(name.encode(), b"stdin").replace(b'"file":"-"', b'"file":"stdin"')
        return Result(self.status, self.stdout, renamed(self.stderr), {n: renamed(d) for n, d in self.files.items()})


class Laws:
    def __init__(self, riffle):
        self.riffle, self.faults = riffle, 0

    def check(self, holds, what):
        if not holds:
            self.faults += 1
            print("FAULT:", what, flush=True)
        return holds

    def takes(self, words, environment):
        """Whether riffle runs with these, on an empty input."""
        return subprocess.run([self.riffle, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, env=dict(os.environ, **environment)).returncode == 0

    def refusal(self, words, folder):
        """What riffle says of a wrong command; nothing when it takes it."""
        run = subprocess.run([self.riffle, *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
        return run.stderr if run.returncode == 2 else b""

    def accepted(self, draw, kind, folder):
        """The first drawn pipeline that names no field which an earlier stage has taken away, and has no
        stage in vain."""
        while True:
            words = draw()
            refusal = self.refusal(["-i", kind, *words, "--explain"], folder)
            if not refusal:
                return words
            self.check(any(known in refusal for known in (b": no field '", b"window none then", b"is neither a key")), f"{' '.join(words)}: {refusal!r}")

    def from_file(self, words, folder, environment=None):
        process = self._start(words, folder, environment, subprocess.DEVNULL)
        return self._accounted(self._result(process, folder), words)

    def from_pipe(self, words, folder, data, piece, environment=None):
        """The input arrives through a pipe, `piece` bytes at a time."""
        process = self._start(words, folder, environment, subprocess.PIPE)

        def feed():
            try:
                for at in range(0, len(data), piece):
                    os.write(process.stdin.fileno(), data[at:at + piece])
            except BrokenPipeError:
                pass
            process.stdin.close()
        feeder = threading.Thread(target=feed)
        feeder.start()
        result = self._result(process, folder)
        feeder.join()
        return self._accounted(result, words)

    def _accounted(self, result, words):
        """The same, once what it counted has been added up."""
        if result.status in (0, 1) and result.files.get("summary.json") and "rejects.ndjson" in result.files:
            faults = faults_of_account(words, result.status, result.files)
            self.check(not faults, f"account: {' '.join(words)}: {', '.join(faults)}")
        return result

    def _start(self, words, folder, environment, stdin):
        for name in SIDE_FILES:
            pathlib.Path(folder, name).unlink(missing_ok=True)
        return subprocess.Popen([self.riffle, *words, "--rejects", "rejects.ndjson"], cwd=folder, stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, **(environment or {})))

    @staticmethod
    def _result(process, folder):
        messages = []
        reader = threading.Thread(target=lambda: messages.append(process.stderr.read()))
        reader.start()
        out = process.stdout.read()
        reader.join()
        process.stdout.close()
        process.stderr.close()
        process.wait(timeout=TIME_LIMIT)
        files = {p.name: p.read_bytes() for p in pathlib.Path(folder).iterdir() if p.name in SIDE_FILES}
        return Result(process.returncode, out, messages[0], files)
