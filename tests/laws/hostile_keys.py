"""Time that an input decides: keys that collide in the standard library's hash take no longer than
others, and a record or header of four times as many names takes about four times as long."""

import itertools
import json
import os
import pathlib
import random
import subprocess
import tempfile

MASK = 2 ** 64 - 1
# MurmurHash64A as libstdc++ has it for std::hash<std::string>.
MULTIPLIER, SEED = 0xc6a4a7935bd1e995, 0xc70f6907
INVERSE = pow(MULTIPLIER, -1, 2 ** 64)
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+-/:;<>?@[]^_{|}~"


def mixed(word):
    word = word * MULTIPLIER & MASK
    return (word ^ word >> 47) * MULTIPLIER & MASK


def unmixed(word):
    word = word * INVERSE & MASK
    return (word ^ word >> 47) * INVERSE & MASK


def after(state, word):
    return (state ^ mixed(int.from_bytes(word, "little"))) * MULTIPLIER & MASK


def library_hash(text):
    """Of texts of whole 8-byte words."""
    state = SEED ^ len(text) * MULTIPLIER & MASK
    for at in range(0, len(text), 8):
        state = after(state, text[at:at + 8])
    state = (state ^ state >> 47) * MULTIPLIER & MASK
    return state ^ state >> 47


def some_word(r):
    return bytes(r.choices(LETTERS, k=8))


def equal_blocks(r, state):
    """Two texts of 16 letters after which the hash is in the same state, and that state: the second
    word of the one is free, the other's must make good for the difference of the first ones, which
    a word of letters now and then does."""
    first, other = some_word(r), some_word(r)
    difference = after(state, first) ^ after(state, other)
    while True:
        second = some_word(r)
        last = unmixed(mixed(int.from_bytes(second, "little")) ^ difference).to_bytes(8, "little")
        if all(c in LETTERS for c in last):
            return (first + second, other + last), after(after(state, first), second)


def colliding_keys(r, bits, prefix=b""):
    """2 ** bits keys that collide once `prefix`, of whole words, stands before each."""
    state, blocks = SEED ^ (len(prefix) + 16 * bits) * MULTIPLIER & MASK, []
    for at in range(0, len(prefix), 8):
        state = after(state, prefix[at:at + 8])
    for _ in range(bits):
        pair, state = equal_blocks(r, state)
        blocks.append(pair)
    return [b"".join(choice).decode() for choice in itertools.product(*blocks)]


def plain_keys(r, count, size):
    words = [some_word(r).decode() for _ in range(4096)]
    return ["".join(r.choices(words, k=size // 8)) for _ in range(count)]


def lines(records):
    return "".join(json.dumps(record) + "\n" for record in records)


def one_record(keys):
    return lines([dict.fromkeys(keys, 1)])


NESTED = "members."


def nested(keys):
    """Their names become those of NESTED with the key; one of the record's own names has a dot."""
    return lines([{f"{NESTED}x": 1, NESTED[:-1]: dict.fromkeys(keys, 1)}])


def two_maps(keys):
    return lines([{"a": dict.fromkeys(keys, 1), "b": dict.fromkeys(reversed(keys), 1)}])


def by_key(keys):
    return lines({"k": key, "ts": i, "v": i, "one": 1} for i, key in enumerate(keys))


def framed(keys):
    """As by_key, where the table has each key behind its length, of four bytes."""
    return by_key(keys)


FRAME = "KEY:"


def framed_keys(r, bits):
    size = len(FRAME) + 16 * bits
    prefix = size.to_bytes(4, "little") + FRAME.encode()
    return prefix[:4], [FRAME + key for key in colliding_keys(r, bits, prefix)]


def csv(keys):
    return ",".join(keys) + "\n" + ",".join("1" for _ in keys) + "\n"


def of_fields(keys):
    return "".join(f"{key} " for key in keys) + "\n"


def elements(keys):
    """A list in one record, of maps."""
    return lines([{"l": [{"k": key, "n": [1]} for key in keys]}])


WITHIN = ["--within", "1d", "--on", "ts", "--delay", "1s"]
# What is done with the keys of an input, and how it has them.
PLACES = [
    (csv, ["-i", "csv", "filter", "true"]),
    (csv, ["-i", "csv", "-t", "ndjson"]),
    (csv, ["-i", "csv", "transform", "n = 1"]),
    (one_record, ["-t", "csv"]),
    (one_record, ["-t", "tsv", "--extra", "union"]),
    (one_record, ["-t", "table"]),
    (one_record, ["describe"]),
    (one_record, ["transform", "n = 1"]),
    (one_record, ["transform", "n = length(keys(record()))"]),
    (one_record, ["transform", "m = merge(record(), record())"]),
    (nested, ["flatten"]),
    (nested, ["flatten", "then", "unflatten"]),
    (nested, ["-t", "csv"]),
    (two_maps, ["filter", "a == b"]),
    (by_key, ["count", "--by", "k"]),
    (by_key, ["distinct", "k"]),
    (framed, ["distinct", "k", *WITHIN]),
    (by_key, ["implode", "v", "--by", "k"]),
    (by_key, ["pivot", "k", "v", "--by", "one"]),
    (by_key, ["aggregate", "distinct(k)"]),
    (by_key, ["aggregate", "set(k)"]),
    (by_key, ["aggregate", "mode(k), entropy(k)"]),
    (by_key, ["aggregate", "top = top_values(k, 1700)"]),
    (by_key, ["join", "KEYS", "--on", "k"]),
    (by_key, ["join", "KEYS", "--on", "k", "--kind", "semi"]),
    (by_key, ["join", "KEYS", "--on", "k", "--within", "1s", "--time", "ts"]),
    (framed, ["window", "session", "1m", "--by", "k", "--on", "ts", "then", "count"]),
    (framed, ["window", "count", "10", "--by", "k", "then", "count"]),
]
# Of names alone: they are as many as an input likes, and need not collide.
OF_NAMES = [
    (lambda keys: csv(["a"] * len(keys)), ["-i", "csv", "-t", "ndjson"]),
    (lambda keys: csv(["a_2"] + ["a"] * len(keys)), ["-i", "csv", "-t", "ndjson"]),
    (lambda keys: "{" + ",".join('"a":1' for _ in keys) + "}\n", ["transform", "b = a"]),
    (lambda keys: "{" + ",".join('"a":1' for _ in keys) + "}\n", ["-t", "csv"]),
    (lambda keys: lines([{"a.b": 1}]) + one_record(keys).replace(": 1", ": null"),
     ["-t", "csv", "--extra", "drop"]),
    (lambda keys: lines([{"a": 1}]) + one_record(keys), ["-t", "csv", "--extra", "drop"]),
    (lambda keys: one_record(f"a.{key}" for key in keys), ["unflatten"]),
    (lambda keys: one_record(f"{key}.a" for key in keys), ["unflatten"]),
    (lambda keys: one_record(f"{key}.a" for key in keys), ["-t", "csv", "drop", "b"]),
    (lambda keys: one_record(f"\\u00e9{key}" for key in keys).replace("\\\\", "\\"), ["drop", "b"]),
    (lambda keys: lines([{"l": keys}]), ["transform", "n = reduce(l, (m, x) -> append(m, x), [])"]),
    (lambda keys: lines([{"l": keys}]), ["transform", "n = reduce(l, (m, x) -> concat(m, [x]), [])"]),
    (lambda keys: lines([{"l": keys}]), ["transform", "n = reduce(l, (m, x) -> m + x, '')"]),
    (lambda keys: lines([{"l": list(dict.fromkeys(keys))}]),
     ["transform", "n = reduce(l, (m, x) -> set(m, x, 1), {a: 1})"]),
    (lambda keys: lines([{"l": keys}]), ["select", "n = map(range(length(l)), i -> l[i])"]),
    (lambda keys: lines([{"m": dict.fromkeys(keys, 1), "l": keys}]),
     ["select", "n = filter(l, x -> has(m, x) and x in m and get(m, x) == m[x])"]),
    (one_record, ["select", "n = map(keys(record()), k -> get(record(), k))"]),
    (lambda keys: lines([{"l": keys + keys}]), ["transform", "l = unique(l)"]),
    (lambda keys: lines([{"l": keys + keys}]), ["transform", "l = sort(l)"]),
    (lambda keys: lines([{"l": keys + keys}]), ["explode", "l", "then", "count", "--by", "l"]),
    (csv, ["-i", "csv", "unpivot", "*"]),
    (lambda keys: csv(["id", *keys]), ["-i", "csv", "unpivot", "--except", "id", "then", "sort", "value"]),
    (one_record, ["unpivot", "*", "then", "sort", "name"]),
    (elements, ["-t", "csv", "explode", "l"]),
    (elements, ["explode", "l", "then", "flatten"]),
    (elements, ["explode", "l", "then", "sort", "l.k"]),
    (elements, ["unwrap", "l", "then", "sort", "k"]),
    (lambda keys: f"l,k\n{';'.join(keys)},1\n",
     ["-i", "csv", "transform", "l = split(l, ';')", "then", "explode", "l", "then", "sort", "l"]),
    (lambda keys: lines({"k": "same", "v": 1} for _ in keys), ["sort", "k,v"]),
    (lambda keys: lines({"k": "same", "ts": -i} for i, _ in enumerate(keys)),
     ["distinct", "k", "--within", "1ns", "--on", "ts", "--delay", "9d"]),
    (lambda keys: lines({"k": "same", "ts": -2 * i} for i, _ in enumerate(keys)),
     ["window", "session", "1s", "--by", "k", "--on", "ts", "then", "count"]),
    (lambda keys: lines({"k": [key, {"x": key}]} for key in keys), ["count", "--by", "k"]),
]


def seconds(laws, words, folder):
    """Of the processor, the least of two runs; None: it failed."""
    least = None
    for _ in range(2):
        process = subprocess.Popen([laws.riffle, "-j", "1", *words], cwd=folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        message = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stderr.close()
        what = f"hostile_keys: {' '.join(words)}: {process.returncode}: {message[:300]}"
        if not laws.check(process.returncode == 0, what):
            return None
        spent = usage.ru_utime + usage.ru_stime
        least = spent if least is None else min(least, spent)
    return least


def time_of(laws, folder, make, words, keys):
    name = "in.csv" if words[:2] == ["-i", "csv"] else "in.ndjson"
    pathlib.Path(folder, name).write_text(make(keys))
    pathlib.Path(folder, "keys.ndjson").write_text(by_key(keys))
    given = ["-i", words[1], name, *words[2:]] if words[0] == "-i" else [name, *words]
    return seconds(laws, ["keys.ndjson" if word == "KEYS" else word for word in given], folder)


def compare(laws, what, small, large, factor):
    if small is None or large is None:
        return
    # What a table costs by itself, and a busy machine.
    laws.check(large <= factor * small + 0.3,
               f"hostile_keys: {what}: {large:.2f} s, of others {small:.2f}")


def hostile_keys(laws, seed):
    r = random.Random(f"hostile keys {seed}")
    colliding = colliding_keys(r, 14)
    plain = plain_keys(r, len(colliding), len(colliding[0]))
    inside = colliding_keys(r, 14, NESTED.encode())
    frame, in_frames = framed_keys(r, 14)
    for prefix, keys in ((b"", colliding), (NESTED.encode(), inside), (frame, in_frames)):
        hashes = {library_hash(prefix + key.encode()) for key in keys}
        laws.check(len(hashes) == 1, "hostile_keys: the keys collide")
    laws.check(len(set(plain)) == len(set(colliding)) == len(plain), "hostile_keys: all differ")
    few, many = plain_keys(r, 20_000, 16), plain_keys(r, 80_000, 16)
    with tempfile.TemporaryDirectory() as folder:
        for make, words in PLACES:
            hostile = {nested: inside, framed: in_frames}.get(make, colliding)
            compare(laws, f"colliding keys: {' '.join(words)}",
                    time_of(laws, folder, make, words, plain),
                    time_of(laws, folder, make, words, hostile), 3)
        for make, words in PLACES + OF_NAMES:
            compare(laws, f"four times as many: {' '.join(words)}",
                    time_of(laws, folder, make, words, few),
                    time_of(laws, folder, make, words, many), 8)
