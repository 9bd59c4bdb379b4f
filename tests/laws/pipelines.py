"""Generated pipelines: a grammar of stages, windows and options over the fields of data.py."""

EXPRESSIONS = ["n > 5", "level == 'error' and n >= 3", "x", "x + 1", "length(x) > 2", "user.name =~ 'a'", "n % 3 == 0", "x ?? 0",
               "not (n > 5 or x == 1)", "user.id == 2", "n in [1, 2, 3]", "exists(x)", "tags[0]", "int(x)", "upper(level)",
               "x == n", "x < 'm'", "n > 3 ? x : level", "level + x", "ts > @2026-01-31T10:00:20Z", "round(n / 7, 2)", "random() < 0.7", "n > 2 ? random() : x",
               "map(tags, t -> random())", "line_number() % 5", "length(record())", "record()"]
STAGES = [
    lambda r: ["filter", r.choice(EXPRESSIONS)],
    lambda r: ["transform", f"y = {r.choice(EXPRESSIONS)}, n = n * 2"],
    lambda r: ["transform", "user.name = upper(level), z = x"],
    lambda r: ["transform", r.choice(["l = lag(x, 2), d = delta(n) ?? 0, u = n > 5 and delta(x) > 1",
                                      "s = running_sum(x), e = ewma(n, 3), a = moving_avg(x, 4), c = running_count(x)",
                                      "f = fill_forward(x), q = since_last(ts), r = rate(n, ts), w = ewma(n, 10s, ts)",
                                      "i = counter_increase(n), lo = moving_min(x, 3), hi = moving_max(x, 3), k = row_number()"])] +
    r.choice([[], ["--by", "level"], ["--by", "user.id, h = n % 2"]]),
    lambda r: ["select", r.choice(["ts,n,x,level", "level,user.id,n", "n, s = x, tags", "*", "u*,n"])],
    lambda r: ["drop", r.choice(["x", "user.id,tags", "t*", "user"])],
    lambda r: ["rename", r.choice(["m=n", "n=x", "uid=user.id", "x=y,y=x"])],
    lambda r: ["reorder", r.choice(["n,level", "x", "u*"])],
    lambda r: ["explode", "tags"] + r.choice([[], ["--keep"]]),
    lambda r: ["flatten"],
    lambda r: ["unflatten"],
    lambda r: ["implode", r.choice(["x", "user.name", "tags"]), "--by", r.choice(["level", "user.id, h = n % 2"])],
    lambda r: ["annotate", r.choice(["s = sum(n), p = n / sum(n)", "k = rank(x), c = count(x)", "f = first(tags), r = rank(-n) where n > 3"])] +
    r.choice([[], ["--by", "level"], ["--by", "h = n % 3"]]),
    lambda r: ["unwrap", r.choice(["user", "[record(), {n: n}]", "compact(record())", "entries(record())"])],
    lambda r: ["rename", "--each", r.choice(["k -> upper(k)", "k -> k + '_'"])],
    lambda r: ["transform", "--each", r.choice(["*", "n,user.*", "t*"]), r.choice(["v -> text(v)", "v -> v ?? n"])],
    lambda r: ["unpivot", "--except", r.choice(["n", "user.id,level"])],
    lambda r: ["unpivot", r.choice(["n,x", "user.id,n", "t*,x", "x,*"])] + r.choice([[], ["--names", "level", "--values", "n"]]),
    lambda r: ["pivot", r.choice(["level", "x", "user.id"]), r.choice(["n", "tags"]), "--by", r.choice(["level", "h = n % 3", "user.name,n"])],
    lambda r: ["histogram", r.choice(["n", "x", "n * 1s"])] + r.choice([[], ["--bins", "3", "--bars"], ["--log"]]),
    lambda r: ["detect", r.choice(["n", "x"]), "--method", r.choice(["zscore", "mad", "ewma"])] + r.choice([[], ["--by", "level"]]),
    lambda r: ["describe"],
    lambda r: ["templates", r.choice(["level", "x", "user.name"])] + r.choice([[], ["--by", "h = n % 2"], ["--compare", "n > 3"]]),
    lambda r: ["sample", r.choice(["3", "30", "40%"])],
    lambda r: ["sample", "2", "--by", "level"],
    lambda r: ["fill", "x,user.name"] + r.choice([["--with", r.choice(EXPRESSIONS)], ["--down"], ["--down", "--by", "level"]]),
    lambda r: ["head", str(r.randint(0, 30))] + r.choice([[], [], ["--by", "level"]]),
    lambda r: ["tail", str(r.randint(0, 10))] + r.choice([[], ["--by", "level,n"]]),
    lambda r: ["skip", str(r.randint(0, 20))],
    lambda r: ["sort", r.choice(["n desc, x", "x", "user.name, n desc"])],
    lambda r: ["top", str(r.randint(0, 6)), "n"] + r.choice([[], ["--by", "level"]]),
    lambda r: ["bottom", str(r.randint(1, 6)), "x"],
    lambda r: ["distinct"] + r.choice([[], ["level,n"], ["user.id"]]),
    lambda r: ["count"] + r.choice([[], ["--by", "level"], ["--by", "x"]]),
    lambda r: ["aggregate", "c = count(), s = sum(n), a = avg(n), p50(n), lo = min(x), hi = max(x), d = distinct(x), f = first(x), "
               "l = list(n), e = (count() where n > 5)"] + r.choice([[], ["--by", "level"], ["--by", "user.id, h = n % 2"]]),
    lambda r: ["aggregate", "s = set(x), m = mode(x), e = entropy(level), j = join_text(n), a = arg_min(x, n), b = arg_max(n, x), "
               "y = any(n > 5), z = every(n > 0), h = histogram(n, 3), d = approx_distinct(x), "
               "q = approx_quantile(n, 0.9), t = top_values(x, 3), c = corr(n, n * n), v = covar(n, x), r = slope(n, x)"] +
    r.choice([[], ["--by", "level"], ["--by", "user.id, k = n % 2"]]),
    lambda r: ["join", r.choice(["joined.csv", "joined.ndjson"]), "--on", "level", "--asof", "n=number", "--kind", r.choice(["inner", "left", "anti"])],
    lambda r: ["join", r.choice(["joined.csv", "joined.ndjson"]), "--on", "level", "--within", "2s", "--time", "n=number", "--kind",
               r.choice(["inner", "left", "semi"])] + r.choice([[], ["--delay", "1s"]]),
    lambda r: ["match", r.choice(["a then any{1,2}", "a+ then any", "any then a"]), "--within", r.choice(["3s", "60s"]), "--on", "ts", "--define", "a=n > 0",
               *r.choice([[], ["--by", "level"]]), *r.choice([[], ["--delay", "1s"]])],
    lambda r: ["distinct", *r.choice([["level"], ["level, x"], []]), "--within", r.choice(["1s", "20s"]), "--on", "ts"] + r.choice([[], ["--delay", "3s"]]),
    lambda r: ["join", r.choice(["joined.csv", "joined.ndjson"]), "--on", r.choice(["level", "n=number,level", "x=number"])] +
    r.choice([[], ["--kind", "left"], ["--kind", "left", "--prefix", "j_"], ["--kind", "semi"], ["--kind", "anti"], ["--kind", "full"], ["--kind", "full", "--prefix", "j_"]]),
    lambda r: ["tee", r.choice(["tee.ndjson", "tee.csv"])],
]
# What a join reads.
JOINED = {
    "joined.csv": b"level,number,x,extra\nerror,1,left,1.50\ninfo,2,,\"a,b\"\nerror,3,q,007\n,4,n,\nwarn,5\n",
    "joined.ndjson": b'{"level":"error","number":"1","user":{"id":5}}\n{"level":null,"number":2}\n{"number":3,\n'
                     b'{"level":"info","number":4.0,"extra":[1, 2]}\n{"level":"error","number":5,"n":9,"extra":null}\n',
}
WINDOWS = [
    lambda r: ["window", r.choice(["10s", "1m"]), "--on", "ts"] + r.choice([[], ["--delay", r.choice(["0s", "2s", "5s"])]]) +
    r.choice([[], ["--every", "5s"]]) + r.choice([[], [], ["--max-jump", "30s"]]),
    lambda r: ["window", "10s", "--on", "ts", "--delay", "1s", "--late-to", "late.ndjson"],
    lambda r: ["window", "10s", "--every", r.choice(["2s", "3s"]), "--fill", "--on", "ts"] + r.choice([[], ["--delay", "1s"]]),
    lambda r: ["window", *r.choice([["10s"], ["10s", "--every", "5s"], ["session", "2s", "--by", "level"]]), "--on", "ts", "--delay", "1s",
               *r.choice([["--early", "3s"], ["--lateness", "20s"], ["--early", "500ms", "--lateness", "5s"]]),
               *r.choice([[], ["--panes", "discard"]])],
    lambda r: ["window", "session", r.choice(["1s", "10s"]), "--on", "ts"] + r.choice([[], ["--by", "level"], ["--by", "user.id, h = n % 2"]]) +
    r.choice([[], ["--delay", "2s"], ["--delay", "0s", "--late-to", "late.ndjson"], ["--max-jump", "30s"]]),
    lambda r: ["window", "count", r.choice(["1", "3", "20"])] + r.choice([[], ["--every", "1"]]) + r.choice([[], ["--by", "level"]]),
]
GATHERS = [
    lambda r: ["count", "--by", "level"],
    lambda r: ["aggregate", "c = count(), s = sum(n), median(n)", "--by", r.choice(["level", "user.id"])],
    lambda r: ["aggregate", "c = count(), s = sum(n), p90(n), hi = max(n), a = approx_distinct(x)"],
    lambda r: ["aggregate", "l = list(n), f = first(x)"],
    lambda r: ["top", "2", "n"],
    lambda r: ["pivot", "level", "n", "--by", "user.id"],
    lambda r: ["implode", "x", "--by", "level"],
    lambda r: ["sample", "2"],
    lambda r: ["annotate", "p = n / sum(n), k = rank(n)", "--by", "level"],
    lambda r: ["describe"],
    lambda r: ["sort", "n"],
    lambda r: ["distinct", "level"],
    lambda r: ["head", "2"],
    lambda r: ["tail", "2", "--by", "level"],
]
OPTIONS = [[], [], ["--summary", "summary.json"], ["--strict", "--summary", "summary.json"], ["-t", "csv", "--summary", "summary.json"],
           ["--max-rejects", "1%", "--summary", "summary.json"], ["-t", "csv"], ["-t", "json"], ["-t", "tsv"], ["-t", "ndjson"], ["-t", "text"], ["-t", "logfmt"], ["--strict"], ["--max-rejects", "2"],
           ["--max-rejects", "5%"], ["-t", "table"], ["-t", "record"], ["-t", "markdown"], ["-t", "csv", "--extra", "drop"],
           ["-t", "csv", "--extra", "union"], ["-t", "csv", "--strict"], ["-t", "csv", "--max-rejects", "1"],
           ["-t", "json", "--indent", "2"], ["--max-record", "200"]]
CELL_OPTIONS = [[], [], [], ["--ragged", "pad"], ["--all-text"], ["--no-header"], ["--comment", "#"], ["--skip-lines", "2"]]
INPUT_OPTIONS = {"csv": [*CELL_OPTIONS, ["--quote", "'"], ["--escape", "\\"]], "tsv": CELL_OPTIONS}


def pipeline(r, kind):
    words = []

    def add(stage):
        words.extend((["then"] if words else []) + stage)
    for _ in range(r.randint(0, 3)):
        stage = r.choice(STAGES)(r)
        if stage[0] != "tee" or stage[1] not in words:  # nothing is written twice
            add(stage)
    if r.random() < 0.35:
        window = r.choice(WINDOWS)(r)
        add(window)
        add(r.choice(GATHERS)(r))
        comes_again = bool({"--early", "--lateness"} & set(window))  # what does is gathered once
        if r.random() < 0.4 and not comes_again:
            add(r.choice(GATHERS)(r))
        if r.random() < 0.3 or comes_again:
            add(["window", "none"])
        if r.random() < 0.3:
            add(["head", str(r.randint(1, 5))])
    if words[-2:] == ["window", "none"] and r.random() < 0.5:
        add(["count"])
    return words + r.choice(OPTIONS) + r.choice(INPUT_OPTIONS.get(kind, [[]]))
