"""List, dict and set comprehensions, nested and filtered."""
from benchmain import main


def run(n):
    grid = [[(x * y) % 10 for x in range(n)] for y in range(n)]
    transposed = [[row[i] for row in grid] for i in range(n)]
    index = {(x, y): v for y, row in enumerate(grid) for x, v in enumerate(row) if v}
    kinds = {v for row in transposed for v in row if v % 3}
    flat = [v for row in grid for v in row]
    pairs = [(a, b) for a in flat[:60] for b in flat[:60] if a < b]
    return sum(map(sum, transposed)), len(index), sorted(kinds), len(pairs), sum(i * v for i, v in enumerate(flat))


if __name__ == "__main__":
    main(run, 800)
