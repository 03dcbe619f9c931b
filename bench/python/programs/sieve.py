# tags: numeric
"""Primes by a list of flags: indexing and slices."""
from benchmain import main


def run(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    total = 0
    for i, prime in enumerate(flags):
        if prime:
            total += i
    return total


if __name__ == "__main__":
    main(run, 2000000)
