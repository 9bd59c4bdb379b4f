"""What --progress shows on a terminal: its line leaves nothing behind, whatever else is written."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

COLUMNS = 60
SHOWN = re.compile(r"^riffle: [0-9].* a second$")


class Screen:
    """The lines of a terminal that knows carriage return, line feed and erasing a line's rest."""

    def __init__(self):
        self.lines, self.column, self.shown = [""], 0, []

    def take(self, data):
        for part in re.split(r"(\r|\n|\x1b\[K)", data.decode()):
            if part == "\n":
                self.lines.append("")
                self.column = 0
            elif part == "\r":
                self.column = 0
            elif part == "\x1b[K":
                self.lines[-1] = self.lines[-1][:self.column]
            else:
                self.write(part)

    def write(self, text):
        for c in text:
            if self.column == COLUMNS:
                self.lines.append("")
                self.column = 0
            line = self.lines[-1].ljust(self.column)
            self.lines[-1] = line[:self.column] + c + line[self.column + 1:]
            self.column += 1
        line = self.lines[-1]
        if SHOWN.match(line) or line.startswith("riffle: ") and len(line) == COLUMNS - 1:
            self.shown.append(line)

    def text(self):
        return "\n".join(self.lines)


class OnTerminal:
    """riffle with its stderr, and if `shares` its stdout, on a terminal; its input comes slowly."""

    def __init__(self, laws, *words, shares=True, folder=None):
        self.own, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
        self.screen = Screen()
        command = [laws.riffle, "--progress", "--color", "never", "-i", "ndjson", *words]
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stderr=its,
                                        stdout=its if shares else subprocess.PIPE, bufsize=0)
        os.close(its)

    def feed(self, text, pause=0.0):
        self.process.stdin.write(text.encode())
        self.look(pause)

    def look(self, seconds):
        """Takes what is written to the terminal in that time; False: nobody can write any more."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.own], [], [], left)[0] and not self.take():
                return False
        return True

    def take(self):
        try:
            data = os.read(self.own, 65536)
        except OSError:
            return False
        self.screen.take(data)
        return bool(data)

    def wait_until_shown(self, more):
        """Feeds until a progress line stands there."""
        before = len(self.screen.shown)
        for _ in range(40):
            if len(self.screen.shown) > before:
                return
            self.feed(more, 0.1)

    def end(self):
        if self.process.stdin:
            self.process.stdin.close()
            self.process.stdin = None
        while self.take():
            pass
        os.close(self.own)
        out = self.process.stdout.read() if self.process.stdout else b""
        if self.process.stdout:
            self.process.stdout.close()
        self.process.wait(timeout=60)
        return out


def lines_of(run):
    return [line for line in run.screen.text().split("\n") if line]


def output_on_the_same_terminal(laws):
    run = OnTerminal(laws, "filter", "true")
    run.feed('{"a":1}\n', 0.3)
    run.wait_until_shown('{"a":2}\n')
    run.feed('{"a":3}\n', 0.3)
    shown_after_output = SHOWN.match(run.screen.lines[-1]) is not None
    run.end()
    lines = lines_of(run)
    laws.check(run.screen.shown and shown_after_output, f"terminal: shown after output: {lines}")
    are_whole = all(re.fullmatch(r'\{"a":\d\}', line) for line in lines[:-1])
    laws.check(are_whole and lines[-1].endswith(" written"), f"terminal: records: {lines}")


def messages_on_the_same_terminal(laws):
    run = OnTerminal(laws, "-o", "/dev/null", "filter", "true")
    run.wait_until_shown('{"a":2}\n')
    run.feed("bad\n", 0.3)
    run.end()
    lines = lines_of(run)
    are_whole = [lines[0].startswith("stdin:"), *(line.endswith(" written") for line in lines[1:])]
    laws.check(run.screen.shown and are_whole == [True, True], f"terminal: messages: {lines}")


def an_error(laws):
    with tempfile.TemporaryDirectory() as folder:
        run = OnTerminal(laws, "-o", "/dev/full", "filter", "true", folder=folder)
        run.wait_until_shown("\n" * 100)
        run.feed('{"a":1}\n' * 100000, 0.3)
        run.end()
        lines = lines_of(run)
        laws.check(run.screen.shown and lines == ["riffle: /dev/full: No space left on device"],
                   f"terminal: an error: {lines}")


def interrupts(laws):
    """One ends the run, a second one kills: neither leaves the line."""
    for count in (1, 2):
        run = OnTerminal(laws, "-o", "/dev/null", "filter", "true")
        run.wait_until_shown('{"a":2}\n')
        if count == 2:
            run.process.send_signal(signal.SIGSTOP)
            for _ in range(2):
                run.process.send_signal(signal.SIGINT)
                time.sleep(0.1)
            run.process.send_signal(signal.SIGCONT)
            run.look(0.3)
        else:
            run.process.send_signal(signal.SIGINT)
        run.end()
        lines = lines_of(run)
        laws.check(run.screen.shown and all(line.endswith(" written") for line in lines),
                   f"terminal: {count} interrupts: {lines}")


def a_closed_pipe(laws):
    """Ends riffle without a word, and without the line."""
    run = OnTerminal(laws, "filter", "true", shares=False)
    run.wait_until_shown('{"a":2}\n')
    run.process.stdout.close()
    run.process.stdout = None
    run.feed('{"a":2}\n', 0.5)
    run.end()
    laws.check(run.screen.shown and run.process.returncode == -signal.SIGPIPE and not lines_of(run),
               f"terminal: a closed pipe: {run.process.returncode} {lines_of(run)}")


def output_elsewhere(laws):
    """A file or pipe is written to while the line stands."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["tee", "out.ndjson", "then", "filter", "true"]
        run = OnTerminal(laws, *words, shares=False, folder=folder)
        run.wait_until_shown('{"a":2}\n')
        records = run.screen.shown[-1] if run.screen.shown else ""
        run.feed('{"a":3}\n', 0.3)
        stays = run.screen.lines[-1] == records or SHOWN.match(run.screen.lines[-1])
        out = run.end()
        lines = lines_of(run)
        laws.check(bool(stays) and len(lines) == 1 and lines[0].endswith(" written"),
                   f"terminal: output elsewhere: {lines}")
        same = pathlib.Path(folder, "out.ndjson").read_bytes() == out
        laws.check(same and out.endswith(b'{"a":3}\n') and b"\x1b" not in out,
                   f"terminal: output elsewhere: {out[-200:]}")


def a_long_line_is_cut(laws):
    """A line that went on to the next one could not be taken away."""
    run = OnTerminal(laws, "-o", "/dev/null", "filter", "true")
    run.feed("bad\n" * 20000 + '{"a":2}\n' * 20000)
    run.wait_until_shown("\n")
    run.end()
    lines = lines_of(run)
    shown = [line for line in run.screen.shown if len(line) == COLUMNS - 1]
    laws.check(shown and not any(SHOWN.match(line) for line in lines),
               f"terminal: a long line: {shown} {lines}")


def terminal(laws):
    output_on_the_same_terminal(laws)
    messages_on_the_same_terminal(laws)
    an_error(laws)
    interrupts(laws)
    a_closed_pipe(laws)
    output_elsewhere(laws)
    a_long_line_is_cut(laws)
