"""How bytes arrive: at once or slowly, from a file, a pipe, or a file that grows under other names, the results are the same; and what
live inputs do next to each other."""

import json
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import time

from data import seeded

WINDOW = ["window", "10s", "--on", "ts", "--delay", "3s", "--late-to", "/dev/stderr"]
PIPELINES = [
    [*WINDOW, "then", "aggregate", "n = count(), s = sum(v)", "--by", "k"],
    ["window", "10s", "--every", "5s", "--on", "ts", "--delay", "3s", "--early", "2s", "--lateness", "20s", "then", "count", "--by", "k"],
    ["window", "session", "4s", "--by", "k", "--on", "ts", "--delay", "3s", "then", "aggregate", "n = count(), l = list(v)"],
    ["match", "a+ then any", "--by", "k", "--within", "9s", "--on", "ts", "--delay", "2s", "--define", "a=v > 2"],
    ["filter", "v > 3", "then", "head", "40"],
]


def lines_of(r, count):
    now, lines = 0, []
    for _ in range(count):
        now += r.choice([0, 1, 1, 2, 7])
        lines.append(json.dumps({"ts": now - r.choice([0, 0, 0, 2, 9, 40]), "k": r.choice("abc"), "v": r.randint(0, 9)}).encode() + b"\n")
    return lines


def pieces(r, data, count):
    cuts = sorted(r.randint(0, len(data)) for _ in range(count - 1))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)])]


class Run:
    """riffle, fed by hand."""

    def __init__(self, laws, *words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE):
        self.process = subprocess.Popen([laws.riffle, *words], stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, bufsize=0)

    def wait_for(self, lines):
        """The next lines of output, which come while riffle runs."""
        found = []
        for _ in range(lines):
            ready, _, _ = select.select([self.process.stdout], [], [], 20)
            found.append(json.loads(self.process.stdout.readline()) if ready else {"ts": "nothing came", "count": "nothing came"})
        return found

    def wait_until_read(self, path):
        """Until riffle has come to the end of the file, or has ended."""
        descriptors, status = pathlib.Path(f"/proc/{self.process.pid}/fd"), os.stat(path)

        def is_read(descriptor):
            try:
                own = os.stat(descriptor)
                position = (descriptors.parent / "fdinfo" / descriptor.name).read_text().split()[1]
            except OSError:
                return False
            return (own.st_dev, own.st_ino) == (status.st_dev, status.st_ino) and int(position) == status.st_size
        for _ in range(400):
            try:
                if self.process.poll() is not None or any(map(is_read, descriptors.iterdir())):
                    return
            except OSError:
                return  # it has just ended
            time.sleep(0.05)

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self):
        return self.process.communicate(timeout=60)


def slowly(laws, r, words, data):
    run = Run(laws, "-i", "ndjson", *words, stdin=subprocess.PIPE)
    try:
        for piece in pieces(r, data, 30):
            run.process.stdin.write(piece)
            run.process.stdin.flush()
            time.sleep(r.choice([0, 0.002, 0.01]))
        run.process.stdin.close()
    except BrokenPipeError:
        pass  # it has enough
    run.process.stdin = None
    return run.end()


def followed(laws, r, words, data, folder, rotates):
    """The bytes as a log that grows; with `rotates` it is renamed and begun again where a line ends. An interrupt ends the run."""
    path = pathlib.Path(folder, "log.ndjson")
    path.unlink(missing_ok=True)
    run = Run(laws, "--follow", str(path), *words)
    for i, piece in enumerate(pieces(r, data, 6)):
        if rotates and i in (2, 4):
            end = piece.rfind(b"\n") + 1
            with path.open("ab") as log:
                log.write(piece[:end])
            piece = piece[end:]
            if end:
                run.wait_until_read(path)
                path.rename(pathlib.Path(folder, f"log.{i}"))
        with path.open("ab") as log:
            log.write(piece)
        run.wait_until_read(path)
    return run.interrupt()


def same_however_they_come(laws, r, number, folder):
    words = PIPELINES[number % len(PIPELINES)]
    data = b"".join(lines_of(r, 400))
    path = pathlib.Path(folder, "whole.ndjson")
    path.write_bytes(data)
    expected = Run(laws, str(path), *words).end()
    ways = {"a pipe at once": subprocess.run([laws.riffle, "-i", "ndjson", *words], input=data, capture_output=True)}
    ways = {name: (done.stdout, done.stderr) for name, done in ways.items()}
    ways["a pipe slowly"] = slowly(laws, r, words, data)
    ways["a file that grows"] = followed(laws, r, words, data, folder, False)
    ways["a file that is rotated"] = followed(laws, r, words, data, folder, True)
    for name, (out, err) in ways.items():
        laws.check(out == expected[0], f"{name}: {' '.join(words)}: {len(out)} bytes, expected {len(expected[0])}")
        laws.check(err == expected[1], f"{name}: {' '.join(words)}: stderr {err[:300]}, expected {expected[1][:300]}")


def fifos(folder, *names):
    paths = [pathlib.Path(folder, name) for name in names]
    for path in paths:
        os.mkfifo(path)
    return paths


def record(ts, k="a"):
    return json.dumps({"ts": ts, "k": k}).encode() + b"\n"


def live_inputs_wait_for_each_other(laws, folder):
    """Each holds the watermark back; an ended one does not count any more."""
    first, second = fifos(folder, "first", "second")
    run = Run(laws, "-i", "ndjson", "-t", "ndjson", str(first), str(second), "window", "10s", "--on", "ts", "--delay", "0s", "then", "count")
    one, two = first.open("wb", buffering=0), second.open("wb", buffering=0)
    one.write(record(1) + record(35))
    two.write(record(2) + record(12))
    laws.check(run.wait_for(1)[0]["count"] == 2, "a window closes when both inputs have passed it")
    two.close()
    laws.check(run.wait_for(1)[0]["count"] == 1, "an input that has ended holds nothing back")
    one.close()
    laws.check(run.end()[0].count(b"\n") == 1, "the end of the inputs closes the rest")


def silent_inputs_step_aside(laws, folder):
    first, second = fifos(folder, "talks", "is_silent")
    run = Run(laws, "-i", "ndjson", "-t", "ndjson", "--idle", "300ms", str(first), str(second), "window", "10s", "--on", "ts", "--delay", "0s",
              "then", "count")
    one, two = first.open("wb", buffering=0), second.open("wb", buffering=0)
    one.write(record(1) + record(15))
    laws.check(run.wait_for(1)[0]["count"] == 1, "--idle: a silent input steps aside")
    one.write(record(22))
    laws.check(run.wait_for(1)[0]["count"] == 1, "--idle: windows close without it")
    two.write(record(30))
    one.close()
    two.close()
    laws.check(run.end()[0].count(b"\n") == 2, "--idle: the end of the inputs closes the rest")


def a_stream_is_silent_when_all_of_it_is(laws, folder):
    """--in-order: what one input brings moves the time of all, and one of them that is silent changes nothing."""
    first, second = fifos(folder, "brings", "brings_nothing")
    run = Run(laws, "-i", "ndjson", "-t", "ndjson", "--in-order", "--idle", "1s", str(first), str(second), "window", "10s", "--on", "ts",
              "--delay", "8s", "then", "count")
    one, two = first.open("wb", buffering=0), second.open("wb", buffering=0)
    for ts in (1, 12, 13, 14, 14, 15, 16, 16, 17):  # the delay has not passed
        one.write(record(ts))
        time.sleep(0.2)
    one.write(record(3) + record(18))
    laws.check(run.wait_for(1)[0]["count"] == 2, "--in-order --idle: a silent input leaves the others their delay")
    one.close()
    two.close()
    run.end()


def windows_behind_windows(laws, folder):
    """There is one stream behind windows, however many inputs there are before them."""
    first, second = fifos(folder, "left", "right")
    run = Run(laws, "-i", "ndjson", "-t", "ndjson", str(first), str(second), "window", "10s", "--on", "ts", "--delay", "0s", "then", "count", "then",
              "window", "20s", "--on", "window_start", "--delay", "0s", "then", "aggregate", "n = count(), s = sum(count)")
    one, two = first.open("wb", buffering=0), second.open("wb", buffering=0)
    two.write(record(1) + record(100))
    for ts in (2, 11, 21, 31, 41):
        one.write(record(ts))
    laws.check([(e["n"], e["s"]) for e in run.wait_for(1)] == [(2, 3)], "a window behind windows closes while the inputs go on")
    one.close()
    two.close()
    run.end()


def a_long_record_holds_nobody_up(laws, folder):
    """Half a record of one input, longer than a block: the others go on."""
    first, second = fifos(folder, "half", "whole")
    run = Run(laws, "-i", "ndjson", "-t", "ndjson", str(first), str(second), "select", "ts")
    one, two = first.open("wb", buffering=0), second.open("wb", buffering=0)
    filler = b"x" * 65536
    one.write(b'{"ts":1,"filler":"')
    for _ in range(6):
        one.write(filler)
    two.write(record(2))
    laws.check([e["ts"] for e in run.wait_for(1)] == [2], "half a long record holds up no other input")
    one.write(b'"}\n')
    laws.check([e["ts"] for e in run.wait_for(1)] == [1], "the record comes when it is whole")
    one.close()
    two.close()
    run.end()


def files_are_followed(laws, folder):
    """One that is not there yet, one that is cut off, a line without its end."""
    path = pathlib.Path(folder, "followed.ndjson")
    run = Run(laws, "--follow", str(path), "select", "ts")
    time.sleep(0.2)
    with path.open("ab", buffering=0) as log:
        log.write(record(1) + record(2)[:6])
        laws.check([e["ts"] for e in run.wait_for(1)] == [1], "--follow: a file that appears is read")
        log.write(record(2)[6:])
        laws.check([e["ts"] for e in run.wait_for(1)] == [2], "--follow: a line is a record when its end has come")
    os.truncate(path, 0)
    time.sleep(0.3)
    with path.open("ab", buffering=0) as log:
        log.write(record(3) + b'{"ts":4}')
    laws.check([e["ts"] for e in run.wait_for(1)] == [3], "--follow: a file that is cut off is read from its beginning")
    time.sleep(0.3)
    laws.check([json.loads(line)["ts"] for line in run.interrupt()[0].splitlines()] == [4], "--follow: an interrupt ends the last line, too")


def truncated_files_are_noticed(laws, folder):
    """Whatever their size when they are looked at again; and said. A rotation is silent."""
    path = pathlib.Path(folder, "truncated.ndjson")
    for name, old, new in (("smaller", 5, 2), ("of the same size", 4, 4), ("larger", 3, 5000)):
        path.write_bytes(b"".join(record(i) for i in range(100, 100 + old)))
        run = Run(laws, "--follow", str(path), "select", "ts")
        run.wait_for(old)
        run.wait_until_read(path)
        for wait in (0, 3.2):  # the times of the file are young, or not
            time.sleep(wait)
            ends = 200 + new if new == old else 100_000 + new
            with path.open("r+b", buffering=0) as log:  # in place, and between two looks
                log.truncate(0)
                log.write(b"".join(record(i) for i in range(ends - new, ends)))
            found = [e["ts"] for e in run.wait_for(new)]
            laws.check(found == list(range(ends - new, ends)),
                       f"--follow: a file becomes {name}: {found[:5]} ... of {len(found)}")
            run.wait_until_read(path)
            with path.open("ab", buffering=0) as log:
                log.write(record(1))
            laws.check([e["ts"] for e in run.wait_for(1)] == [1],
                       f"--follow: a file that became {name} goes on")
            path.write_bytes(b"".join(record(i) for i in range(100, 100 + old)))
            run.wait_for(old)
        out, err = run.interrupt()
        said = f"riffle: {path} was truncated; reading it from the beginning\n" * 4
        laws.check(out == b"" and err.decode() == said, f"--follow: a file becomes {name}: {err}")


def encoded_files_are_followed(laws, folder):
    """Past a rotation, too."""
    path = pathlib.Path(folder, "latin1.ndjson")
    path.write_bytes(b'{"a":"\xe9"}\n')
    run = Run(laws, "--follow", "--encoding", "latin1", str(path), "filter", "true")
    laws.check(run.wait_for(1)[0].get("a") == "\u00e9", "--follow --encoding latin1")
    path.rename(pathlib.Path(folder, "latin1.1.ndjson"))
    path.write_bytes(b'{"a":"\xe8"}\n')
    laws.check(run.wait_for(1)[0].get("a") == "\u00e8", "--follow --encoding latin1: the next file")
    laws.check(run.interrupt() == (b"", b""), "--follow --encoding latin1: nothing else")


def merged_by_time(laws, r, folder):
    """Always the least of the next ones, from files and from pipes, whatever the blocks."""
    inputs = [[json.loads(line) for line in lines_of(r, r.choice([0, 1, 40, 200]))] for _ in range(3)]
    rest, expected = [list(events) for events in inputs], []
    while any(rest):
        _, first = min((events[0]["ts"], i) for i, events in enumerate(rest) if events)
        expected.append(rest[first].pop(0))
    paths = [pathlib.Path(folder, f"merged.{i}.ndjson") for i in range(3)]
    for path, events in zip(paths, inputs):
        path.write_text("".join(json.dumps(event) + "\n" for event in events))
    for block in ("1", "100", "4096"):
        done = subprocess.run([laws.riffle, "--merge", "ts", *map(str, paths), "-j", "2", "filter", "true"], capture_output=True,
                              env={**os.environ, "RIFFLE_BLOCK": block})
        laws.check([json.loads(line) for line in done.stdout.splitlines()] == expected, f"--merge, blocks of {block}: {done.stderr[:200]}")
    piped = " ".join(f"<(cat {path})" for path in paths)
    done = subprocess.run(["bash", "-c", f"{laws.riffle} -i ndjson -t ndjson --merge ts {piped} filter true"], capture_output=True)
    laws.check([json.loads(line) for line in done.stdout.splitlines()] == expected, f"--merge of pipes: {done.stderr[:200]}")


def joined_lines_come_out(laws, folder):
    """--multiline: a line that nothing follows, once the input has paused; of a stream, of several, of a file that grows."""
    run = Run(laws, "--multiline", "indent", "-t", "ndjson", stdin=subprocess.PIPE)
    for lines in (b"a\n", b" b\n"):
        run.process.stdin.write(lines)
        time.sleep(0.1)
    laws.check(run.wait_for(1) == [{"line": "a\n b"}], "--multiline: a record comes when the input pauses")
    run.process.stdin.write(b"c\n d\nhalf a")
    laws.check(run.wait_for(1) == [{"line": "c\n d"}], "--multiline: half a line holds no record up")
    run.process.stdin.write(b" line\n")
    run.process.stdin.close()
    run.process.stdin = None
    laws.check(run.end()[0] == b'{"line":"half a line"}\n', "--multiline: the last record")
    first, second = fifos(folder, "joined", "silent")
    run = Run(laws, "-i", "text", "--multiline", "indent", "-t", "ndjson", str(first), str(second))
    one, two = first.open("wb", buffering=0), second.open("wb", buffering=0)
    one.write(b"a\n b\n")
    laws.check(run.wait_for(1) == [{"line": "a\n b"}], "--multiline: of several inputs")
    two.write(b"c\n")
    laws.check(run.wait_for(1) == [{"line": "c"}], "--multiline: of several inputs, another one")
    one.close()
    two.close()
    run.end()
    path = pathlib.Path(folder, "joined.log")
    path.write_bytes(b"a\n b\n")
    run = Run(laws, "--follow", "--multiline", "indent", "-t", "ndjson", str(path))
    laws.check(run.wait_for(1) == [{"line": "a\n b"}], "--multiline --follow")
    with path.open("ab", buffering=0) as log:
        log.write(b"c\n d\n")
    laws.check(run.wait_for(1) == [{"line": "c\n d"}], "--multiline --follow: what is added")
    run.interrupt()


def a_terminal_is_told(laws):
    """That windows without --delay close at the end alone."""
    own, its = pty.openpty()
    run = Run(laws, "-i", "ndjson", "window", "10s", "--on", "ts", "then", "count", stdin=subprocess.PIPE, stderr=its)
    os.close(its)
    for second in range(8):
        run.process.stdin.write(record(second))
        run.process.stdin.flush()
        time.sleep(0.8)
    run.process.stdin.close()
    run.process.stdin = None
    out, _ = run.end()
    told = os.read(own, 4096).decode()
    os.close(own)
    laws.check("--delay" in told and told.count("\n") == 1 and out.count(b"\n") == 1, f"the hint on a terminal: {told!r}")


def arrival(laws, seed, count):
    with tempfile.TemporaryDirectory() as folder:
        for number in range(max(len(PIPELINES), count // 20)):
            same_however_they_come(laws, seeded("arrival", seed, number), number, folder)
        for number in range(5):
            merged_by_time(laws, seeded("merge", seed, number), folder)
        live_inputs_wait_for_each_other(laws, folder)
        silent_inputs_step_aside(laws, folder)
        a_stream_is_silent_when_all_of_it_is(laws, folder)
        windows_behind_windows(laws, folder)
        a_long_record_holds_nobody_up(laws, folder)
        joined_lines_come_out(laws, folder)
        files_are_followed(laws, folder)
        truncated_files_are_noticed(laws, folder)
        encoded_files_are_followed(laws, folder)
    a_terminal_is_told(laws)
