"""Exceptions raised and caught near and far, with finally and custom classes."""
from benchmain import main


class Missing(KeyError):
    pass


def lookup(table, key):
    try:
        return table[key]
    except KeyError:
        raise Missing(key) from None


def deep(n, x):
    if n == 0:
        if x % 3 == 0:
            raise ValueError(x)
        return x
    try:
        return deep(n - 1, x)
    finally:
        Counter.unwound += 1


class Counter:
    unwound = 0


def run(n):
    Counter.unwound = 0
    table = {i: i * i for i in range(0, 100, 2)}
    hits = misses = errors = 0
    for i in range(n):
        try:
            hits += lookup(table, i % 100)
        except Missing as e:
            misses += e.args[0]
        try:
            deep(5, i)
        except ValueError:
            errors += 1
    return hits, misses, errors, Counter.unwound


if __name__ == "__main__":
    main(run, 120000)
