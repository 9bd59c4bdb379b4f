"""What windows make of a stream, by brute force: all events are kept, and the windows are computed from them again each time.

An event is (time, key, value, whether it passes the filter behind the window); times are milliseconds. What comes out is a list
of (start, end, key, pane, values), and the events that came late.
"""

NEVER, END = float("-inf"), float("inf")


def sliding(size, every, offset):
    return lambda at: [(s, s + size) for s in range((at - offset) // every * every + offset, at - size, -every)]


def cumulating(size, every, offset):
    def windows_of(at):
        start = (at - offset) // size * size + offset
        return [(start, end) for end in range(start + every, start + size + 1, every) if end > at]
    return windows_of


class Aligned:
    """Windows that are the same for all keys."""

    def __init__(self, windows_of, every):
        self.windows_of, self.every = windows_of, every

    def of_event(self, kept, event):
        return self.windows_of(event[0])

    def all(self, kept):
        """(window, its events by number)."""
        found = {}
        for number, _, windows in kept:
            for window in windows:
                found.setdefault(window, []).append(number)
        return list(found.items())

    def next_to(self, window):
        """The window that ends next."""
        times = range(window[0], window[1] + self.every + 1, self.every // 2 or 1)
        return min((w for at in times for w in self.windows_of(at) if w[1] > window[1]), key=lambda w: w[1])

    def mark(self, window, number):
        """What says that the event has come out with the window."""
        return window, number


class Sessions:
    """A key's events that no gap parts; they are in one window each."""

    def __init__(self, gap):
        self.gap = gap

    def of_event(self, kept, event):
        return [window for window, numbers in self.all(kept + [(-1, event, [])]) if -1 in numbers]

    def all(self, kept):
        found = {}
        for number, (at, key, *_), _ in sorted(kept, key=lambda k: k[1][0]):
            sessions = found.setdefault(key, [])
            if sessions and at <= sessions[-1][0][1]:
                (start, _), numbers = sessions.pop()
                sessions.append(((start, at + self.gap), numbers + [number]))
            else:
                sessions.append(((at, at + self.gap), [number]))
        return [(window, sorted(numbers)) for sessions in found.values() for window, numbers in sessions]

    def mark(self, window, number):
        return number


class Oracle:
    def __init__(self, stream, kind, delay=None, lateness=None, early=None, discard=False, fill=False):
        self.stream, self.kind, self.delay, self.early, self.discard, self.fill = stream, kind, delay, early, discard, fill
        self.lateness, self.has_panes = lateness or 0, lateness is not None or early is not None
        self.kept, self.shown, self.known, self.empty, self.watermark = [], set(), [], None, NEVER
        self.results, self.late = [], []

    def run(self):
        for number, event in enumerate(self.stream):
            alive = [w for w in self.kind.of_event(self.kept, event) if not self.is_gone(w)]
            if alive:
                self.kept.append((number, event, alive))
                self.come_out("late", lambda window: window[1] <= self.watermark)
            else:
                self.late.append(event)
            if self.delay is not None:
                self.advance(max(self.watermark, event[0] - self.delay))
        self.advance(END)
        return self.results, self.late

    def is_gone(self, window):
        return self.watermark >= window[1] + self.lateness

    def windows(self):
        """Those with events that pass the filter, by their ends, then their first events."""
        ordered = sorted(self.kind.all(self.kept), key=lambda w: (w[0][1], w[1][0]))
        passing = [(w, [n for n in numbers if self.stream[n][3]]) for w, numbers in ordered]
        return [(w, numbers) for w, numbers in passing if numbers]

    def news(self, window, numbers):
        return [n for n in numbers if self.kind.mark(window, n) not in self.shown]

    def come_out(self, pane, which):
        for window, numbers in self.windows():
            if which(window) and self.news(window, numbers):
                self.emit(window, numbers, pane)

    def emit(self, window, numbers, pane):
        values = {}
        for n in self.news(window, numbers) if self.discard else numbers:
            values.setdefault(self.stream[n][1], []).append(self.stream[n][2])
        self.shown.update(self.kind.mark(window, n) for n in numbers)
        if self.fill:
            values.update({key: [] for key in self.known if key not in values})
            self.known += [key for key in values if key not in self.known]
        self.results += [(*window, key, pane if self.has_panes else None, v) for key, v in values.items()]

    def advance(self, to):
        """Windows that are over come out, and what else happens while the watermark goes there."""
        early = (self.watermark // self.early + 1) * self.early if self.early and self.watermark != NEVER and to != END else END
        for window, numbers in self.windows():
            if not self.watermark < window[1] <= to:
                continue
            if early < window[1]:
                self.come_out("early", lambda w: early < w[1])
                early = END
            self.fill_until(window[1])
            if not self.discard or self.news(window, numbers):
                self.emit(window, numbers, "on_time")
            self.empty = self.kind.next_to(window) if self.fill else None
        if early <= to and early != END:
            self.come_out("early", lambda w: to < w[1])
        if to != END:
            self.fill_until(to + 1)
        self.watermark = to
        gone = {n for w, numbers in self.kind.all(self.kept) if self.is_gone(w) for n in numbers}
        if isinstance(self.kind, Sessions):
            self.kept = [k for k in self.kept if k[0] not in gone]

    def fill_until(self, end):
        while self.empty and self.empty[1] < end:
            self.emit(self.empty, [], "on_time")
            self.empty = self.kind.next_to(self.empty)
