"""What riffle and the other engines read: random streams, one after the other, each with a day of its own.

A record is (delay, time, key, value), times in milliseconds: the watermark is the greatest time so far minus the delay. As about a day lies
between two streams, one closes all windows of the one before, as the end of an input does: an engine reads all in one run.
"""

import csv
import typing

from data import seeded
from windows import events

DAY = 86_400_000
# Times in seconds 1, 3, 11, 5, 29, 2: the last one is late by any tumbling window of 10 s where the delay is 5 s.
SIX = [(1000, "a", 1), (3000, "b", 2), (11000, "a", 3), (5000, "a", 4), (29000, "a", 5), (2000, "b", 100)]


class Record(typing.NamedTuple):
    delay: int
    at: int
    key: str
    value: int


def generated(seed, streams, length):
    """The six records, then random streams."""
    records = [Record(5000, DAY + at, key, value) for at, key, value in SIX]
    for number in range(2, streams + 1):
        r = seeded("engines", seed, number)
        delay = r.choice([0, 500, 5000])
        records += [Record(delay, number * DAY + at, key, value) for at, key, value in events(r, length)]
    return records


def with_watermarks(records):
    """(record, the watermark when it comes)."""
    watermark = float("-inf")
    for record in records:
        yield record, watermark
        watermark = max(watermark, record.at - record.delay)


def read(path):
    with open(path, newline="") as file:
        return [Record(int(delay), int(at), key, int(value)) for delay, at, key, value in csv.reader(file)]


def write(path, records):
    with open(path, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(records)
