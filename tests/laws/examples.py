"""Every stage of the table, as its examples call it, on more records like theirs: the same bytes for
any size of blocks, any number of threads and any way the bytes arrive. A stage without examples is
drawn by pipelines.py, or is in no law, which is a fault."""

import dataclasses
import json
import pathlib
import re
import shlex
import subprocess
import tempfile

import pipelines
from data import scalar, seeded
from same_bytes import kernels, one_input


@dataclasses.dataclass
class Example:
    stage: str
    words: list
    files: dict
    records: list


def stages_of(riffle):
    """The names of the table of stages."""
    text = subprocess.run([riffle, "help", "stages"], stdout=subprocess.PIPE, text=True, check=True)
    return re.findall(r"^  (\w+)  ", text.stdout, re.MULTILINE)


def examples_of(riffle, stage):
    """As `riffle help STAGE` prints them."""
    done = subprocess.run([riffle, "help", stage], stdout=subprocess.PIPE, text=True, check=True)
    for text in re.split(r"^Example: riffle ", done.stdout, flags=re.MULTILINE)[1:]:
        command, *lines = text.split("\n")
        files, records, at = {}, [], None
        for line in lines:
            if line == "  gives":
                break
            if name := re.fullmatch(r"  with (\S+):", line):
                at = files.setdefault(name[1], [])
            elif line.startswith("    ") and at is not None:
                at.append(line[4:])
            elif line != "  and the input":
                records.append(json.loads(line))
        contents = {name: "\n".join([*held, ""]).encode() for name, held in files.items()}
        yield Example(stage, shlex.split(command), contents, records)


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
    for stage in stages_of(laws.riffle):
        found = list(examples_of(laws.riffle, stage))
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
