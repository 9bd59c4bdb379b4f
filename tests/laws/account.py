"""Every record is accounted for (A1): what --summary counts adds up, and is what --rejects and the output hold. runner.py
checks it of each run that has both; here of one pipeline after the other."""

import json
import pathlib
import tempfile

from data import KINDS, NAMELESS, seeded
from pipelines import JOINED, pipeline

# Stages that make one record of each, and those that may only leave records out.
KEEP_ALL = {"transform", "select", "drop", "rename", "reorder", "flatten", "unflatten", "fill", "tee", "annotate", "sort", "detect"}
KEEP_SOME = {"filter", "head", "tail", "skip", "top", "bottom", "distinct", "sample"}


def account(laws, seed, count):
    for number in range(count):
        r = seeded("account", seed, number)
        kind = r.choice(["ndjson", "ndjson", "csv", "json", "logfmt"])
        data = KINDS[kind](r, r.choice([0, 5, 60]), r.choice([0, 0.03, 0.3]))
        with tempfile.TemporaryDirectory() as folder:
            for file, content in {**JOINED, f"in.{kind}": data}.items():
                pathlib.Path(folder, file).write_bytes(content)
            words = laws.accepted(lambda: pipeline(r, kind), kind, folder)
            if "--summary" not in words:
                words += ["--summary", "summary.json"]
            words += ["-i", kind] if kind in NAMELESS else []
            laws.from_file([f"in.{kind}", *words, "-j", r.choice(["1", "3"])], folder)


def faults_of_account(words, status, files):
    """What does not add up in a run with a summary and rejects."""
    stopped = status == 1 and bool({"--strict", "--max-rejects"} & set(words))  # stages emit nothing that they hold then
    # Windows that fire again, or several by one record, of which a head takes a part.
    comes_again = bool({"--early", "--lateness"} & set(words)) or {"window", "head"} <= set(words)
    summary = json.loads(files["summary.json"])
    rejects = [json.loads(line) for line in files["rejects.ndjson"].splitlines()]
    stages, faults = summary["stages"], []

    def same(what, a, b):
        if a != b:
            faults.append(f"{what}: {a} != {b}")
    same("rejected", summary["rejected"], len(rejects))
    if not {"match", "--within", "--asof"} & set(words):  # whose late records are in no window
        same("late", summary["late"], sum(stage.get("late", 0) for stage in stages))
    same("status", summary["status"], status)
    if status == 0:
        same("rejected or failed with status 0", summary["rejected"] + summary["failed"], 0)
    unread = sum(reject["stage"] == "read" and reject["file"] not in JOINED for reject in rejects)
    unwritten = sum(reject["stage"] == "write" for reject in rejects) - sum(s["rejected"] for s in stages if s["stage"] == "tee")
    ins = [stage["in"] for stage in stages] + [summary["written"] + unwritten]
    same("the first stage's", ins[0], summary["read"] - unread)
    for stage, after in zip(stages, ins[1:]):
        # What a tee cannot write it passes on.
        kept = stage["in"] - (stage["rejected"] if stage["stage"] != "tee" else 0)
        if "windowed" in stage:
            same("windows", stage["in"], stage["windowed"] + stage["late"] + stage["rejected"])
        elif stopped or comes_again:
            continue
        elif stage["stage"] in KEEP_ALL:
            same(f"after {stage['stage']}", after, kept)
        elif stage["stage"] in KEEP_SOME and after > kept:
            faults.append(f"after {stage['stage']}: {after} > {kept}")
    return faults
