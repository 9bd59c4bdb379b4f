"""Memory does not grow with the input, where nothing is held."""

import os
import pathlib
import subprocess
import tempfile

LINE = ('{"ts":"2026-01-31T10:00:00Z","level":"info","status":200,"path":"/api/v1/item/17",'
        '"user":{"id":7,"name":"u"}}')
LIMIT = 64  # MiB
PIPELINES = [["-j", "2", "filter", "status >= 500"], ["-j", "1", "filter", "status >= 100"],
             ["-j", "2", "aggregate", "n = count(), s = sum(status)", "--by", "level"]]


def one_long_line(laws, megabytes):
    """A line past --max-record is not held, and the next one is right."""
    limit, most = 64, 128  # MiB
    what = f"memory: a line of {megabytes} MB, --max-record {limit}MiB"
    feeder = subprocess.Popen(
        ["bash", "-c", f"printf '{{\"a\":\"'; head -c {megabytes}M /dev/zero | tr '\\0' x; "
                       "printf '\"}\n{\"a\":1}\n'"], stdout=subprocess.PIPE)
    process = subprocess.Popen([laws.riffle, "-i", "ndjson", "--max-record", f"{limit}MiB"],
                               stdin=feeder.stdout, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    feeder.stdout.close()
    with process.stdout, process.stderr:
        output, messages = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / 1024
    laws.check(process.returncode == 1 and output == b'{"a":1}\n' and b"max-record" in messages,
               f"{what}: {process.returncode}, {output[:100]!r}, {messages[:200]!r}")
    laws.check(feeder.wait() == 0, f"{what}: not all of it was read")
    laws.check(peak <= most, f"{what}: {peak:.0f} MiB")
    print(f"{what}: {peak:.1f} MiB")


def many_compressed_files(laws):
    """What compresses the files of split is small, and only of those that are open (M2)."""
    with tempfile.TemporaryDirectory() as folder:
        lines = "".join(f'{{"k":{i % 300},"i":{i},"s":"some text {i * 7919 % 10007} here"}}\n' for i in range(60000))
        for name in ("{k}.csv.zst", "{k}.csv.gz"):
            what = f"memory: split {name}, 64 of 300 files open"
            process = subprocess.Popen([laws.riffle, "-i", "ndjson", "--memory", "16MiB", "split", name, "--max-open", "64"], cwd=folder,
                                       stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            with process.stderr:
                with process.stdin:
                    process.stdin.write(lines.encode())
                messages = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = usage.ru_maxrss / 1024
            laws.check(process.returncode == 0 and not messages, f"{what}: {process.returncode}, {messages!r}")
            laws.check(peak <= LIMIT, f"{what}: {peak:.0f} MiB")
            print(f"{what}: {peak:.1f} MiB")


def few_cells(laws):
    """Rows that have few cells of many take no memory for the others (S6): neither read nor written."""
    names, rows, limit = 20000, 50000, 128
    padded = ",".join(f"c{n}" for n in range(names)) + "\n" + "1\n" * rows
    mixed = ",".join(f"c{n}" for n in range(names)) + "\n" + ("," * (names - 1) + "\n" + "1\n" * 5000) * 5
    wide = "{" + ",".join(f'"c{n}":1' for n in range(names // 5)) + "}\n" + "{}\n" * rows
    for what, words, text in [("short rows", ["-i", "csv", "--ragged", "pad", "tail", "1"], padded),
                              ("short rows among long ones", ["-i", "csv", "--ragged", "pad", "tail", "1"], mixed),
                              ("records without most columns", ["-i", "ndjson", "-t", "csv"], wide)]:
        process = subprocess.Popen([laws.riffle, "-j", "2", *words], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL)
        with process.stdin:
            process.stdin.write(text.encode())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss / 1024
        laws.check(process.returncode == 0 and peak <= limit,
                   f"memory: {what}: status {process.returncode}, {peak:.0f} MiB")
        print(f"memory: {peak:.1f} MiB {what}")


def memory(laws, megabytes):
    if b"__asan" in pathlib.Path(laws.riffle).read_bytes():
        print("skipped: memory (a sanitizer's shadow memory is not riffle's)")
        return
    many_compressed_files(laws)
    one_long_line(laws, 1024 if megabytes > 1000 else 256)
    few_cells(laws)
    lines = (megabytes << 20) // (len(LINE) + 1)
    for words in PIPELINES if megabytes < 1000 else PIPELINES[:1]:
        what = f"over {megabytes} MB: {' '.join(words)}"
        feeder = subprocess.Popen(["bash", "-c", f"yes '{LINE}' | head -n {lines}"],
                                  stdout=subprocess.PIPE)
        process = subprocess.Popen([laws.riffle, *words], stdin=feeder.stdout,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        feeder.stdout.close()
        with process.stderr:
            messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss / 1024
        laws.check(process.returncode == 0 and not messages,
                   f"memory: status {process.returncode}, {messages!r} {what}")
        laws.check(feeder.wait() == 0, f"memory: not all of the input was read {what}")
        laws.check(peak <= LIMIT, f"memory: {peak:.0f} MiB {what}")
        print(f"memory: {peak:.1f} MiB {what}")
