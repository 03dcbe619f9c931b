"""Sorting records by keys, and merging sorted runs by hand."""
from operator import itemgetter

from benchmain import main


class Record:
    def __init__(self, name, age, score):
        self.name = name
        self.age = age
        self.score = score


def merge_sort(items, key):
    if len(items) <= 1:
        return items
    mid = len(items) // 2
    left, right = merge_sort(items[:mid], key), merge_sort(items[mid:], key)
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        if key(right[j]) < key(left[i]):
            out.append(right[j])
            j += 1
        else:
            out.append(left[i])
            i += 1
    out.extend(left[i:])
    out.extend(right[j:])
    return out


def run(n):
    seed = 42
    records = []
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        records.append(Record("n%05d" % (seed % 99991), seed % 90, seed % 1000 / 10.0))
    by_age = sorted(records, key=lambda r: (r.age, r.name))
    by_score = sorted(records, key=lambda r: r.score, reverse=True)
    by_hand = merge_sort(records, lambda r: r.name)
    pairs = sorted(((r.name, r.age) for r in records), key=itemgetter(1))
    return by_age[0].name, by_score[0].score, by_hand[-1].name, pairs[n // 2]


if __name__ == "__main__":
    main(run, 40000)
