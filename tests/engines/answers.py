"""The engines' answers, {(engine, *case): rows}, as a file: CSV of engine, case, row; the cases and rows are those of flink.py and beam.py."""

import csv
import gzip
import io

LENGTHS = {"flink": 4, "beam": 6}  # of a case


def read(path):
    answers = {}
    with gzip.open(path, "rt", newline="") as file:
        for engine, *cells in csv.reader(file):
            cells = [int(cell) if cell.lstrip("-").isdigit() else cell for cell in cells]
            answers.setdefault((engine, *cells[:LENGTHS[engine]]), []).append(tuple(cells[LENGTHS[engine]:]))
    return answers


def write(path, answers):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((*case, *row) for case, rows in answers.items() for row in rows)
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
