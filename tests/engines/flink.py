"""Flink SQL's answers: window table functions over the streams, count and sum by key.

A watermark follows each record that raises it: Flink sends one between two records when it has grown by more than
pipeline.auto-watermark-interval, here 1 ms, and times are multiples of 100 ms.
"""

import csv
import datetime
import os
import pathlib
import subprocess
import tempfile

import streams

# (kind, size, every, offset) in milliseconds. Flink wants sizes that are multiples of `every`. No offsets: Flink 2.2 loses records then, even of
# a stream in order (FLINK-36664): of records at 2, 5, 6, 7 and 30 s TUMBLE of 5 s with the offset 1.5 s counts those at 7 s and 30 s alone.
WINDOWS = [("tumble", 10_000, 0, 0), ("tumble", 1000, 0, 0), ("hop", 15_000, 5000, 0), ("cumulate", 60_000, 20_000, 0), ("session", 3000, 0, 0)]

# One slot runs all queries: the memory for their buffers is its own.
SETTINGS = ["taskmanager.numberOfTaskSlots=1", "taskmanager.memory.managed.size=256m"]


def interval(milliseconds):
    return f"INTERVAL '{milliseconds / 1000:.3f}' SECOND(3, 3)"


def select(number, window, delay):
    kind, size, every, _ = window
    by = " PARTITION BY k" if kind == "session" else ""
    lengths = ", ".join(interval(length) for length in (every, size) if length)
    return f"""INSERT INTO answers SELECT {number}, CAST(window_start AS STRING), CAST(window_end AS STRING), k, COUNT(*), SUM(v)
      FROM {kind.upper()}(TABLE delayed_{delay}{by}, DESCRIPTOR(t), {lengths}) GROUP BY window_start, window_end, k;"""


def script(folder, records):
    delays = sorted({record.delay for record in records})
    lines = ["SET 'pipeline.auto-watermark-interval' = '1 ms';"]
    for delay in delays:
        path = folder / f"delayed_{delay}.csv"
        streams.write(path, [record for record in records if record.delay == delay])
        lines.append(f"""CREATE TABLE delayed_{delay} (d BIGINT, ts BIGINT, k STRING, v BIGINT, t AS TO_TIMESTAMP_LTZ(ts, 3),
          WATERMARK FOR t AS t - {interval(delay)}) WITH ('connector' = 'filesystem', 'path' = 'file://{path}', 'format' = 'csv');""")
    lines.append(f"""CREATE TABLE answers (number INT, window_start STRING, window_end STRING, k STRING, n BIGINT, s BIGINT)
      WITH ('connector' = 'filesystem', 'path' = 'file://{folder}/answers', 'format' = 'csv');""")
    selects = [select(number, window, delay) for number, window in enumerate(WINDOWS) for delay in delays]
    return "\n".join([*lines, "EXECUTE STATEMENT SET BEGIN", *selects, "END;"])


def milliseconds(text):
    time = datetime.datetime.fromisoformat(text.replace("T", " ").rstrip("Z"))
    return round((time - datetime.datetime(1970, 1, 1)) / datetime.timedelta(milliseconds=1))


def answers(oracles, records):
    """{(kind, size, every, offset): sorted (start, end, key, count, sum)}"""
    found = {window: [] for window in WINDOWS}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "run.sql").write_text(script(folder, records))
        subprocess.run(["bash", str(oracles / "flink" / "run-sql.sh"), str(folder / "run.sql"), *SETTINGS], check=True, stdout=subprocess.DEVNULL,
                       env=os.environ | {"FLINK_HEAP": "700m", "FLINK_LOG": str(folder / "flink.log")})
        for path in (folder / "answers").iterdir():
            for number, start, end, key, count, total in csv.reader(path.read_text().splitlines()):
                found[WINDOWS[int(number)]].append((milliseconds(start), milliseconds(end), key, int(count), int(total)))
    return {window: sorted(rows) for window, rows in found.items()}
