"""Queries of the Nexmark benchmark, as a user would write them, against plain Python over the same events."""

import json
import subprocess

from data import seeded

AT = ["--on", 't = time(ts, "ms")']
BIDS = ["filter", "event_type == 2", "then"]


def floor(ts, size):
    return ts // size * size


def hot_items(events):
    """q5: of each 10 seconds, one each 2, the auction with the most bids (of several the one that had a bid first)."""
    windows = {}
    for e in (e for e in events if e["event_type"] == 2):
        for start in range(floor(e["ts"], 2000) - 8000, floor(e["ts"], 2000) + 1, 2000):
            counts = windows.setdefault(start, {})
            counts[e["bid"]["auction"]] = counts.get(e["bid"]["auction"], 0) + 1
    return [(start, *max(counts.items(), key=lambda item: item[1])) for start, counts in windows.items()]


def new_sellers(events):
    """q8: who joined and opened an auction in the same 10 seconds."""
    joined = {(floor(e["ts"], 10000), e["person"]["id"]): e["person"]["name"] for e in events if e["event_type"] == 0}
    opened = {(floor(e["ts"], 10000), e["auction"]["seller"]) for e in events if e["event_type"] == 1}
    return [(*key, name) for key, name in joined.items() if key in opened]


def sessions(events):
    """q11: the bids of a bidder without a pause of more than 10 seconds."""
    times = {}
    for e in (e for e in events if e["event_type"] == 2):
        times.setdefault(e["bid"]["bidder"], []).append(e["ts"])
    found = []
    for bidder, all_times in times.items():
        start = last = None
        for ts in sorted(all_times):
            if last is None or ts > last + 10000:
                if last is not None:
                    found.append((start, last + 10000, bidder, count))
                start, count = ts, 0
            last, count = ts, count + 1
        found.append((start, last + 10000, bidder, count))
    return found


def last_bids(events):
    """q18: the last bid of each bidder at each auction."""
    last = {}
    for e in (e for e in events if e["event_type"] == 2):
        key = (e["bid"]["bidder"], e["bid"]["auction"])
        if key not in last or e["ts"] > last[key][0]:
            last[key] = (e["ts"], e["bid"]["price"])
    return [(*key, *value) for key, value in last.items()]


def top_bids(events):
    """q19: the ten highest bids at each auction."""
    bids = {}
    for e in (e for e in events if e["event_type"] == 2):
        bids.setdefault(e["bid"]["auction"], []).append(e["bid"]["price"])
    return [(auction, price) for auction, prices in bids.items() for price in sorted(prices, reverse=True)[:10]]


QUERIES = {
    "q5": (hot_items, [*BIDS, "window", "10s", "--every", "2s", *AT, "then", "count", "--by", "bid.auction", "then", "top", "1", "count"],
           lambda r: (r["s"], r["bid"]["auction"], r["count"])),
    "q8": (new_sellers, ["filter", "event_type < 2", "then", "transform", "id = event_type == 0 ? person.id : auction.seller", "then", "window", "10s",
                         *AT, "then", "aggregate",
                         "joined = (count() where event_type == 0), opened = (count() where event_type == 1), name = last(person.name)", "--by", "id",
                         "then", "filter", "joined > 0 and opened > 0"], lambda r: (r["s"], r["id"], r["name"])),
    "q11": (sessions, [*BIDS, "window", "session", "10s", "--by", "bidder = bid.bidder", *AT, "then", "count"],
            lambda r: (r["s"], r["e"], r["bidder"], r["count"])),
    "q18": (last_bids, [*BIDS, "aggregate", "at = max(ts), price = arg_max(bid.price, ts)", "--by", "bidder = bid.bidder, auction = bid.auction"],
            lambda r: (r["bidder"], r["auction"], r["at"], r["price"])),
    "q19": (top_bids, [*BIDS, "top", "10", "bid.price", "--by", "bid.auction"], lambda r: (r["bid"]["auction"], r["bid"]["price"])),
}


def generated(r, count):
    """Persons, auctions and bids in about Nexmark's shares, a little out of order."""
    now, events, persons, auctions = 1_700_000_000_000, [], 0, 0
    for _ in range(count):
        now += r.choice([0, 50, 100, 900])
        ts, kind = now - r.choice([0, 0, 300, 2500]), r.choice([0, 1, 1, 2, 2, 2, 2, 2, 2, 2])
        if kind == 0:
            persons += 1
            events.append({"event_type": 0, "ts": ts, "person": {"id": persons, "name": f"person {persons}"}})
        elif kind == 1:
            auctions += 1
            events.append({"event_type": 1, "ts": ts, "auction": {"id": auctions, "seller": r.randint(max(1, persons - 5), persons + 1)}})
        else:
            bid = {"auction": r.randint(max(1, auctions - 6), auctions + 1), "bidder": r.randint(1, 40), "price": r.randint(1, 10**6)}
            events.append({"event_type": 2, "ts": ts, "bid": bid})
    return events


def check_query(riffle, check, query, events, data):
    oracle, stages, row = QUERIES[query]
    windows = "window" in stages
    epoch = ["then", "transform", "s = epoch(window_start) * 1000, e = epoch(window_end) * 1000"] if windows else []
    done = subprocess.run([riffle, "-i", "ndjson", "-t", "ndjson", "--quiet", *stages, *epoch], input=data, capture_output=True)
    got = sorted(row(json.loads(line)) for line in done.stdout.splitlines())
    expected = sorted(oracle(events))
    difference = next(((g, e) for g, e in zip(got, expected) if g != e), None)
    check(done.returncode == 0 and got == expected, f"nexmark {query}: {done.stderr[:200]!r} {len(got)} rows, expected {len(expected)}; first difference: {difference}")
    return len(expected)


def nexmark(laws, seed, count):
    for number in range(max(3, count // 30)):
        events = generated(seeded("nexmark", seed, number), 3000)
        data = "".join(json.dumps(e) + "\n" for e in events).encode()
        for query in QUERIES:
            laws.check(check_query(laws.riffle, laws.check, query, events, data) > 10, f"nexmark {query}: hardly a row")
