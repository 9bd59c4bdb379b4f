"""Generated inputs: records with escapes, blanks, duplicates and nesting, and lines that are no records."""

import random

WORDS = ["error", "info", "caf\u00e9", "a,b", 'say "hi"', "line\nbreak", "", "svc-01", "svc-02", "x y", "\\", "\U0001F600", "007",
         "tab\there", "12", "2026-01-31", "null"]
BAD_LINES = [b"{", b'{"a":1', b"[1,2]", b"not json", b'{"a":1}}', b'{"a":1} x', b'{"a":"\xff"}', b'{"a":01}', b'{"a":"', b'"a"',
             b'{"a":1}{"b":2}', b"\x00", b'{"a":\x0c1}', b'{"n":"\\q"}', b'{"level":tru}']


def scalar(r):
    return r.choice([lambda: r.randint(-5, 20), lambda: r.choice(WORDS), lambda: None, lambda: r.random() < 0.5,
                     lambda: round(r.uniform(-10, 100), 3), lambda: 18446744073709551615, lambda: 2 ** 53 + 1])()


def json_text(value, r):
    """One spelling of many: escapes and blanks vary."""
    blank = r.choice(["", "", "", " ", "\t"])
    if isinstance(value, str):
        return '"' + "".join(json_character(c, r) for c in value) + '"'
    if isinstance(value, dict):
        members = (f"{json_text(k, r)}{blank}:{json_text(v, r)}" for k, v in value.items())
        return "{" + blank + ("," + blank).join(members) + blank + "}"
    if isinstance(value, list):
        return "[" + ("," + blank).join(json_text(v, r) for v in value) + "]"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def json_character(c, r):
    if c in '"\\':
        return "\\" + c
    if ord(c) < 32:
        short = {"\n": "\\n", "\t": "\\t"}
        return short[c] if c in short and r.random() < 0.5 else f"\\u{ord(c):04x}"
    return f"\\u{ord(c):04x}" if ord(c) < 0x10000 and r.random() < 0.05 else c


def time_text(r, at):
    return f"2026-01-31T10:{at // 60 % 60:02}:{at % 60:02}{r.choice(['', '.5', '.123'])}Z"


def record(r, at):
    fields = {"ts": time_text(r, at), "level": r.choice(["info", "error"]), "n": r.randint(-3, 30), "x": scalar(r),
              "user": {"id": r.randint(1, 5), "name": r.choice(WORDS)}, "tags": [scalar(r) for _ in range(r.randint(0, 3))]}
    if r.random() < 0.1:
        fields.pop(r.choice(list(fields)))
    if r.random() < 0.1:
        fields["user.id"] = r.randint(1, 5)
    items = list(fields.items())
    if r.random() < 0.2:
        r.shuffle(items)
    text = json_text(dict(items), r)
    return text[:-1] + ',"n":' + str(r.randint(0, 9)) + "}" if r.random() < 0.05 else text


def ndjson(r, records, bad=0.0):
    out = b"\xef\xbb\xbf" if r.random() < 0.1 else b""
    end = r.choice([b"\n", b"\n", b"\r\n"])
    for i in range(records):
        out += r.choice(BAD_LINES) if r.random() < bad else record(r, max(0, i + r.randint(-3, 0))).encode()
        out += end
        if r.random() < 0.03:
            out += r.choice([b"\n", b"  \n", b"\r\n"])
    return out[:-len(end)] if r.random() < 0.3 else out


def json(r, records, bad=0.0):
    """Values one after the other and arrays of them, some that are no objects; what follows a syntax error is lost."""
    out, i = b"", 0
    while i < records:
        many = r.randint(1, 20)
        values = [json_text(scalar(r), r) if r.random() < bad else record(r, i + k) for k in range(many)]
        i += many
        gap = r.choice(["\n", " ", "\n\n", "\t"])
        out += (("[" + f",{gap}".join(values) + "]") if r.random() < 0.5 else gap.join(values)).encode() + gap.encode()
    return out + (b'{"a":' if bad and r.random() < 0.3 else b"")


def csv_cell(r):
    text = r.choice([str(r.randint(-5, 50)), r.choice(WORDS), "", "true", "1.50", "caf\u00e9"])
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') or r.random() < 0.1 else text


def csv(r, records, bad=0.0):
    end = r.choice(["\n", "\n", "\r\n"])
    out = ("\ufeff" if r.random() < 0.1 else "") + "ts,level,n,x,user.id" + end
    for i in range(records):
        if r.random() < bad:
            out += r.choice(['a,"b"c,1', "too,few", '"open', "a,b,c,d,e,f", 'x,y,"', "", '1,2,3,4,"5" ', '"a""b,1']) + end
            continue
        cells = [time_text(r, max(0, i + r.randint(-3, 0))), r.choice(["info", "error"]), str(r.randint(-3, 30)), csv_cell(r), csv_cell(r)]
        out += ",".join(cells) + end
    out = out.encode()
    if bad and r.random() < 0.2:
        at = r.randrange(len(out))
        out = out[:at] + b"\xff" + out[at:]
    return out[:-len(end)] if r.random() < 0.3 else out


def tsv(r, records, bad=0.0):
    escapes = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"})
    out = "ts\tlevel\tn\tx\tuser.id\n"
    for i in range(records):
        if r.random() < bad:
            out += r.choice(["a\tb", "1\t2\t3\t4\t5\t6", ""]) + "\n"
            continue
        cells = [time_text(r, i), r.choice(["info", "error"]), str(r.randint(-3, 30)), r.choice(WORDS), str(r.randint(1, 5))]
        out += "\t".join(c.translate(escapes) for c in cells) + "\n"
    return out.encode()


TRACES = ["Traceback (most recent call last):", '  File "a.py", line 2', "ValueError: x", "", "panic: x", "goroutine 1 [running]:", "main.main()",
          "During handling of the above exception, another exception occurred:", "\tat a.B", "Caused by: x", "java.lang.Error: x", "1 a;"]
JOINING = ["java", "python", "go", "indent", "start=^[0-9]", "end=[a-z]$"]


def joining(r, kind):
    """Options that make one record of several lines."""
    if kind not in ("text", "clf", "syslog", "logfmt") or r.random() < 0.6:
        return []
    return ["--multiline", r.choice(JOINING)]


def text(r, records, bad=0.0):
    end = r.choice([b"\n", b"\n", b"\r\n"])
    lines = (b"\xff" if r.random() < bad else r.choice([r.choice(WORDS), "", " x\t", r.choice(TRACES), r.choice(TRACES), f"{r.randint(0, 99)} {r.choice(WORDS)}"])
             .replace("\n", " ").encode() for _ in range(records))
    out = end.join(lines) + end
    return out[:-len(end)] if r.random() < 0.3 else out


def logfmt(r, records, bad=0.0):
    end = r.choice(["\n", "\n", "\r\n"])
    out = b""
    for i in range(records):
        if r.random() < bad:
            out += r.choice([b'x="open', b"=1", b'x="a"b', b"x=\xff", b""]) + end.encode()
            continue
        pairs = [f"ts={time_text(r, max(0, i + r.randint(-3, 0)))}", f"level={r.choice(['info', 'error'])}", f"n={r.randint(-3, 30)}",
                 r.choice(["x", "x=", "x=a=b", "x=1.50", "x=" + json_text(r.choice(WORDS), r)]), f"user.id={r.randint(1, 5)}"]
        if r.random() < 0.1:
            r.shuffle(pairs)
        out += (r.choice([" ", " ", "  "]).join(pairs) + end).encode()
    return out[:-len(end)] if out and r.random() < 0.3 else out


def clf(r, records, bad=0.0):
    end = r.choice(["\n", "\n", "\r\n"])
    out = b""
    for i in range(records):
        if r.random() < bad:
            out += r.choice([b"no access", b"::1 - - [x] \"\" 200 1", b"::1 - - \xff", b"", b" "]) + end.encode()
            continue
        line = r.choice(["", "", "v.example.org:80 "]) + f"10.0.0.{r.randint(1, 5)} - {r.choice(['-', 'ada'])} "
        line += f"[31/Jan/2026:10:{i // 60 % 60:02}:{i % 60:02} +0100] " + r.choice(['"GET /a HTTP/1.1" ', '"-" ', '"caf\u00e9" '])
        line += r.choice(["200", "404", "-"]) + " " + r.choice(["-", str(r.randint(0, 999))])
        out += (line + r.choice(["", ' "-" "x y"', ' "r" "a" "10.0.0.1, 10.0.0.2"']) + end).encode()
    return out[:-len(end)] if out and r.random() < 0.3 else out


def syslog(r, records, bad=0.0):
    end = r.choice(["\n", "\n", "\r\n"])
    out = b""
    for i in range(records):
        if r.random() < bad:
            out += r.choice([b"hello", b"<192>x", b"Jan 31 \xff", b""]) + end.encode()
            continue
        line = r.choice(["", "<13>"]) + r.choice([f"Jan {r.randint(1, 31):2} 10:{i // 60 % 60:02}:{i % 60:02}", "2026-01-31T10:00:00.5Z"])
        line += f" h{r.randint(1, 3)} app{r.choice(['', '[7]'])}: {r.choice(WORDS)}".replace("\n", " ")
        out += (line + end).encode()
    return out[:-len(end)] if out and r.random() < 0.3 else out


def w3c(r, records, bad=0.0):
    end, separator = r.choice(["\n", "\n", "\r\n"]), r.choice([" ", "\t"])
    names = ["ts", "level", "n", "x", "user.id"]
    out = r.choice(["", "#Version: 1.0" + end])
    for i in range(records):
        if i == 0 or r.random() < 0.02:  # other columns from here on
            names = r.choice([names, names[::-1], names[:4], ["ts", "level", "n", "x", "user.id"]])
            out += ("#Fields: " + " ".join(names) if r.random() < 0.5 else "#fields" + separator + separator.join(names)) + end
        if r.random() < bad:
            out += r.choice(["a b", "# note", "", '"open a b c d']) + end
            continue
        cells = {"ts": time_text(r, max(0, i + r.randint(-3, 0))), "level": r.choice(["info", "error"]), "n": str(r.randint(-3, 30)),
                 "x": r.choice(["-", "007", "caf\u00e9", "1.50", '"q"']), "user.id": str(r.randint(1, 5))}
        out += separator.join(cells[name] for name in names) + end
    return out.encode()[:-len(end)] if out and r.random() < 0.3 else out.encode()


def columns(r, records, bad=0.0):
    """Cells under their names, or parted by blanks alone."""
    rows = [["ts", "level", "n", "user.id", "x"]]
    for i in range(records):
        if r.random() < bad:
            rows.append(r.choice([["few"], [], ["", "gap", "", "", ""], rows[0]]))
            continue
        rows.append([time_text(r, max(0, i + r.randint(-3, 0))), r.choice(["info", "error"]), str(r.randint(-3, 30)),
                     str(r.randint(1, 5)), r.choice(["a b", "caf\u00e9", "007", "-"])])
    pad = r.choice([lambda cell: cell.ljust(26), lambda cell: cell + " "])
    out = "".join("".join(pad(cell) for cell in row) + "\n" for row in rows).encode()
    return out[:-1] if r.random() < 0.3 else out


KINDS = {"ndjson": ndjson, "json": json, "csv": csv, "tsv": tsv, "text": text, "logfmt": logfmt, "clf": clf, "syslog": syslog, "w3c": w3c,
         "columns": columns}
NAMELESS = {"text", "clf", "syslog", "w3c", "columns"}  # no extension says them


def seeded(*words):
    return random.Random(" ".join(map(str, words)))
