"""Pipelines of generators, yield from and send."""
from benchmain import main


def numbers(n):
    for i in range(n):
        yield i


def squares(it):
    for x in it:
        yield x * x


def evens(it):
    return (x for x in it if x % 2 == 0)


class Tree:
    def __init__(self, lo, hi):
        mid = (lo + hi) // 2
        self.key = mid
        self.left = Tree(lo, mid) if lo < mid else None
        self.right = Tree(mid + 1, hi) if mid + 1 < hi else None

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right


def averager():
    total = 0.0
    count = 0
    average = None
    while True:
        value = yield average
        total += value
        count += 1
        average = total / count


def run(n):
    a = sum(evens(squares(numbers(n))))
    b = sum(Tree(0, n // 20))
    avg = averager()
    next(avg)
    c = 0.0
    for i in range(n // 4):
        c = avg.send(i)
    return a, b, c


if __name__ == "__main__":
    main(run, 900000)
