"""Closures, lambdas, decorators and higher-order functions."""
from functools import reduce

from benchmain import main


def counter(step):
    count = 0

    def bump():
        nonlocal count
        count += step
        return count

    return bump


def compose(*fs):
    def composed(x):
        for f in fs:
            x = f(x)
        return x

    return composed


def memo(f):
    cache = {}

    def wrapper(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]

    return wrapper


@memo
def partitions(key):
    n, largest = key
    if n == 0:
        return 1
    return sum(partitions((n - k, k)) for k in range(1, min(n, largest) + 1))


def run(n):
    bumps = [counter(i) for i in range(10)]
    total = 0
    for i in range(n):
        total += bumps[i % 10]()
    pipe = compose(lambda x: x + 1, lambda x: x * 2, lambda x: x - 3)
    for i in range(n):
        total += pipe(i)
    total += reduce(lambda a, b: a ^ b, map(lambda x: x * 3, filter(lambda x: x % 5, range(n))))
    return total, partitions((40, 40))


if __name__ == "__main__":
    main(run, 400000)
