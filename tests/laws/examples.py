"""Every stage of the table, as its examples call it, on more records like theirs: the same bytes for
any size of blocks, any number of threads and any way the bytes arrive. A stage without examples is
drawn by pipelines.py, or is in no law, which is a fault."""

import dataclasses
import json
import pathlib
import shlex
import subprocess
import tempfile

import pipelines
from data import scalar, seeded
from same_bytes import kernels, one_input


@dataclasses.dataclass
class Example:
    words: list
    files: dict
    records: list


def examples_of(stage):
    """Those of a row, as `riffle help --json` has them."""
    for row in stage["examples"]:
        files = {row["file"]: row["content"].encode()} if row["file"] else {}
        records = [json.loads(line) for line in row["input"].splitlines()]
        yield Example(shlex.split(row["command"]), files, records)


def like(r, records, count):
    """Records with the fields of these, in any order, now and then with another value or none."""
    out = []
    for _ in range(count):
        record = dict(r.choice(records))
        for name in list(record):
            chance = r.random()
            if chance < 0.2:
                record[name] = r.choice(records).get(name)
            elif chance < 0.25:
                record[name] = scalar(r)
            elif chance < 0.28:
                del record[name]
        out.append(json.dumps(record) + "\n")
    return "".join(out).encode()


def examples(laws, seed, count):
    """Twice each at least."""
    drawn = {make(seeded("stages", seed))[0] for make in pipelines.STAGES + pipelines.WINDOWS}
    sets = kernels(laws)
    tables = subprocess.run([laws.riffle, "help", "--json"], stdout=subprocess.PIPE, check=True)
    for row in json.loads(tables.stdout)["stages"]:
        stage, found = row["name"], list(examples_of(row))
        laws.check(found or stage in drawn,
                   f"{stage} is in no law: give its row an example, or pipelines.STAGES a line")
        for number in range(max(2, count // 50) * len(found)):
            r = seeded("examples", seed, stage, number)
            example = found[number % len(found)]
            data = like(r, example.records, r.choice([1, 40, 300]))
            with tempfile.TemporaryDirectory() as folder:
                for name, content in example.files.items():
                    pathlib.Path(folder, name).write_bytes(content)
                one_input(laws, r, "ndjson", data, list(example.words), folder, sets,
                          f"seed {seed}, {stage}, number {number}: {shlex.join(example.words)}")
