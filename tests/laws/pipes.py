"""A good pipe: what there is comes out at once while the input pauses, and endings are clean."""

import fcntl
import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile
import time

F_SETPIPE_SZ = 1031
PATIENCE = 0.1


def good_pipe(laws):
    first_line(laws)
    bursts(laws)
    unfinished_records(laws)
    a_pipe_behind_a_file(laws)
    closed_outputs(laws)
    terminal(laws)
    signals(laws)
    signals_before_data(laws)
    signals_in_long_computations(laws)


def received(stream, enough, patience):
    """The bytes that come within `patience` seconds, at least `enough` of them if they do come."""
    out, until = b"", time.monotonic() + patience
    while len(out) < enough and select.select([stream], [], [], max(0, until - time.monotonic()))[0]:
        piece = os.read(stream.fileno(), 1 << 20)
        if not piece:
            break
        out += piece
    return out


def first_line(laws):
    cases = [("ndjson", b"", b'{"a":1}\n', ["filter", "true"], b'{"a":1}\n'),
             ("csv", b"a,b\n", b"1,2\n", ["filter", "true"], b"a,b\n1,2\n"),
             ("tsv", b"a\tb\n", b"1\t2\n", ["select", "b"], b"b\n2\n"),
             ("json", b"", b'{"a":1}\n', ["-t", "ndjson", "transform", "b = 2"], b'{"a":1,"b":2}\n'),
             ("ndjson", b"", b'{"ts":1,"a":1}\n{"ts":99,"a":1}\n', ["window", "10s", "--on", "ts", "--delay", "1s", "then", "aggregate",
                                                                 "s = sum(a)", "then", "select", "s"], b'{"s":1}\n')]
    for kind, header, line, words, expected in cases:
        for jobs in ("1", "2"):
            with subprocess.Popen([laws.riffle, "-i", kind, "-j", jobs, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
                time.sleep(0.2)  # start-up is not the question
                process.stdin.write(header + line)
                process.stdin.flush()
                start = time.monotonic()
                got = received(process.stdout, len(expected), 5)
                waited = time.monotonic() - start
                laws.check(got == expected and waited < PATIENCE, f"{kind} {words} -j {jobs}: {got!r} after {waited:.3f} s")
                process.stdin.close()


def bursts(laws):
    """A burst that fills blocks exactly is no different from any other."""
    line = b'{"a":1,"b":234}\n'
    for block, lines in ((262144, 16384), (262144, 16385), (262144, 20000), (16, 5), (1, 5), (100, 1000)):
        for jobs in ("1", "2"):
            reading, writing = os.pipe()
            fcntl.fcntl(writing, F_SETPIPE_SZ, 1 << 20)
            os.write(writing, line * lines)
            with subprocess.Popen([laws.riffle, "-i", "ndjson", "-j", jobs, "select", "a"], stdin=reading, stdout=subprocess.PIPE,
                                  env=dict(os.environ, RIFFLE_BLOCK=str(block))) as process:
                os.close(reading)
                got = received(process.stdout, 8 * lines, 3)
                laws.check(got == b'{"a":1}\n' * lines, f"blocks of {block}, {lines} lines, -j {jobs}: {len(got) // 8} lines while the input pauses")
                os.close(writing)


def unfinished_records(laws):
    """What is whole comes out, however much of the next record is there; and an interrupt ends that, too."""
    line, half = b'{"a":1,"b":234}\n', b'{"a":2,"c":"'
    for block, lines, more in ((64, 4, 8), (64, 4, 200), (64, 5, 1), (262144, 16384, 100), (262144, 16384, 600000), (1, 3, 500)):
        for jobs in ("1", "2"):
            with subprocess.Popen([laws.riffle, "-i", "ndjson", "-j", jobs, "select", "a"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, env=dict(os.environ, RIFFLE_BLOCK=str(block))) as process:
                fcntl.fcntl(process.stdin, F_SETPIPE_SZ, 1 << 20)
                process.stdin.write(line * lines)
                process.stdin.write(half + b"x" * more)
                process.stdin.flush()
                got = received(process.stdout, 8 * lines, 3)
                case = f"blocks of {block}, {lines} lines and {more} bytes of another, -j {jobs}"
                laws.check(got == b'{"a":1}\n' * lines, f"{case}: {len(got) // 8} lines while the input pauses")
                time.sleep(0.1)
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(timeout=5)
                except subprocess.TimeoutExpired:
                    process.kill()
                laws.check(process.returncode == 1 and process.stderr.read().startswith(b"stdin:%d: " % (lines + 1)),
                           f"{case}: status {process.returncode} when it is interrupted")
                process.stdin.close()


def a_pipe_behind_a_file(laws):
    """A file's records come out before a pipe behind it has brought anything."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "first.ndjson")
        path.write_bytes(b'{"a":1}\n' * 3)
        with subprocess.Popen([laws.riffle, str(path), "-", "-t", "ndjson", "select", "a"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            got = received(process.stdout, 24, 3)
            laws.check(got == b'{"a":1}\n' * 3, f"a file and a silent pipe: {got!r}")
            process.stdin.close()


def closed_outputs(laws):
    riffle = laws.riffle
    for words in ("filter true", "head 1", "-j 4 head 1", "-j 4 filter true", "-t csv --out-no-header -j 2 select a"):
        command = f"set -o pipefail; yes '{{\"a\":1}}' | {riffle} {words} | head -1"
        done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=20)
        laws.check(done.stdout in (b'{"a":1}\n', b"1\n") and done.stderr == b"", f"{command}: {done.stdout[:80]!r} {done.stderr!r}")
    done = subprocess.run(["bash", "-c", f"echo '{{\"a\":1}}' | {riffle} filter true > /dev/full"], capture_output=True)
    laws.check(done.returncode == 3 and b"No space left" in done.stderr, f"/dev/full: {done.returncode} {done.stderr!r}")


def terminal(laws):
    """Without an input, and with a terminal for standard input, riffle says what it waits for."""
    master, slave = pty.openpty()
    with subprocess.Popen([laws.riffle, "filter", "true"], stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.close(slave)
        message = received(process.stderr, 1, 5)
        os.write(master, b'{"a":1}\n\x04')
        got = received(process.stdout, 8, 5)
        laws.check(b"terminal" in message and got == b'{"a":1}\n', f"a terminal as input: {message!r} {got!r}")
        os.write(master, b"\x04")
        process.kill()
    os.close(master)


def signals(laws):
    """The first SIGINT or SIGTERM ends the input: what is held comes out, and -o is published."""
    for number in (signal.SIGINT, signal.SIGTERM):
        for words in (["count"], ["sort", "a"], ["window", "10s", "--on", "a", "then", "count"], ["-j", "4", "tail", "1"]):
            with tempfile.TemporaryDirectory() as folder:
                with subprocess.Popen([laws.riffle, "-i", "ndjson", "-o", "out.ndjson", *words], stdin=subprocess.PIPE, cwd=folder,
                                      stderr=subprocess.PIPE) as process:
                    process.stdin.write(b'{"a":1}\n' * 1000)
                    process.stdin.flush()
                    time.sleep(0.3)
                    start = time.monotonic()
                    process.send_signal(number)
                    process.wait(timeout=20)
                    waited, messages = time.monotonic() - start, process.stderr.read()
                    process.stdin.close()
                out = pathlib.Path(folder, "out.ndjson")
                laws.check(process.returncode == 0 and waited < 2 and out.is_file() and out.stat().st_size > 0 and messages == b"",
                           f"{number.name} {words}: status {process.returncode} after {waited:.2f} s, {messages!r}")


def signals_before_data(laws):
    """Several live inputs, none of which has brought a byte that tells its format (C1)."""
    for jobs in ("1", "2"):
        for names in (["empty", "empty", "--follow"], ["pipe", "empty", "--follow"], ["pipe", "other"]):
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "empty").touch()
                os.mkfifo(pathlib.Path(folder, "pipe"))
                os.mkfifo(pathlib.Path(folder, "other"))
                with subprocess.Popen([laws.riffle, "-j", jobs, *names, "-o", "out.ndjson", "count"], cwd=folder,
                                      stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                    time.sleep(0.5)
                    process.send_signal(signal.SIGINT)
                    process.wait(timeout=20)
                    messages = process.stderr.read()
                out = pathlib.Path(folder, "out.ndjson")
                laws.check(process.returncode == 0 and out.is_file() and out.read_bytes() == b'{"count":0}\n',
                           f"SIGINT before the first byte of {names} -j {jobs}: status {process.returncode}, {messages!r}")


def signals_in_long_computations(laws):
    """The first SIGTERM ends what would take minutes (R6), within a batch as well: what is whole comes out."""
    fan_out = ["join", "other.ndjson", "--on", "k"]
    whole = [("-j 1", fan_out), ("-j 2", [*fan_out, "--kind", "left", "then", "count", "--by", "i"]),
             ("-j 2", ["transform", "l = range(900000)", "then", "explode", "l"]),
             ("-j 1", ["filter", "any(range(1000), x -> any(range(1000), y -> x + y < 0))"]),
             ("-j 1", ["transform", "n = length(repeat('x', 9000000 + i))"])]
    partly = [("-j 1", ["transform", "l = map(range(900), x -> {a: x, k: 1})", "then", "unwrap", "l", "then", *fan_out]),
              ("-j 1", [*fan_out, "--kind", "full"]), ("-j 1", ["sort", "i", "then", *fan_out]),
              ("-j 1", ["join", "other.ndjson", "--on", "k", "--within", "9s", "--time", "k"]),
              ("-j 1", ["window", "1s", "--on", "t", "--delay", "1s", "--fill", "then", "count"])]
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "in.ndjson").write_text("".join(f'{{"i":{i},"k":1,"t":{i // 10000 * 1000000000}}}\n' for i in range(20000)))
        pathlib.Path(folder, "other.ndjson").write_text("".join(f'{{"j":{i},"k":1}}\n' for i in range(20000)))
        out = pathlib.Path(folder, "out.ndjson")
        for jobs, words, status in [(*case, 0) for case in whole] + [(*case, 3) for case in partly]:
            out.unlink(missing_ok=True)
            with subprocess.Popen([laws.riffle, "in.ndjson", *jobs.split(), "-o", "out.ndjson", *words], cwd=folder, stderr=subprocess.PIPE) as process:
                time.sleep(0.5)
                start = time.monotonic()
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                waited, messages = time.monotonic() - start, process.stderr.read()
            case = f"SIGTERM in {jobs} {words}: status {process.returncode} after {waited:.2f} s, {messages!r}"
            # Of 2 s, and as much again for slow builds.
            laws.check(process.returncode == status and waited < 4 and out.exists() == (status == 0), case)
            if status == 0:
                laws.check(messages == b"" and out.read_bytes()[-1:] in (b"", b"\n"), case)
            else:
                laws.check(b"stopped by a signal in the middle of its work" in messages, case)
