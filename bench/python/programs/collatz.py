# tags: numeric
"""Int arithmetic in a while loop, with a dict as a cache."""
from benchmain import main


def run(n):
    best = longest = 0
    cache = {1: 1}
    for start in range(1, n):
        k = start
        steps = 0
        while k not in cache:
            k = k // 2 if k % 2 == 0 else 3 * k + 1
            steps += 1
        steps += cache[k]
        cache[start] = steps
        if steps > longest:
            best, longest = start, steps
    return best, longest


if __name__ == "__main__":
    main(run, 250000)
