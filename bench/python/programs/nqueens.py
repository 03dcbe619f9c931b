"""Generators and permutations: all placements of n queens."""
from benchmain import main


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield (x,) + rest


def run(n):
    found = 0
    for cols in permutations(tuple(range(n))):
        if len({c + i for i, c in enumerate(cols)}) == n and len({c - i for i, c in enumerate(cols)}) == n:
            found += 1
    return found


if __name__ == "__main__":
    main(run, 8)
