"""Regular expressions over log lines."""
import re

from benchmain import main

LINE = re.compile(r'^(\d+\.\d+\.\d+\.\d+) - (\w+|-) \[(\d\d)/(\w{3})/(\d{4}):([\d:]+)\] "(GET|POST|PUT) ([^ "]+)(?: HTTP/[\d.]+)?" (\d{3}) (\d+|-)$')
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*", re.I)


def lines(n):
    for i in range(n):
        yield '10.0.%d.%d - %s [%02d/Nov/2026:10:%02d:00] "%s /path/%d/to-some-%s.html HTTP/1.1" %d %d' % (
            i % 256, i * 7 % 256, "user%d" % (i % 10) if i % 3 else "-", i % 28 + 1, i % 60,
            ("GET", "POST", "PUT")[i % 3], i % 100, "abc"[i % 3] * 3, (200, 301, 404)[i % 3], i * 31 % 5000)


def run(n):
    total = words = 0
    statuses = {}
    for line in lines(n):
        m = LINE.match(line)
        total += int(m.group(10))
        statuses[m.group(9)] = statuses.get(m.group(9), 0) + 1
        words += len(WORD.findall(m[8]))
    return total, words, statuses, len(re.sub(r"\d+", "#", " ".join(lines(50))))


if __name__ == "__main__":
    main(run, 60000)
