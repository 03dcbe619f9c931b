"""Conway's life on a set of cells: tuples, sets, dicts."""
from benchmain import main


def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = (x + dx, y + dy)
                    counts[key] = counts.get(key, 0) + 1
    return {cell for cell, k in counts.items() if k == 3 or k == 2 and cell in cells}


def run(n):
    cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2), (10, 10), (11, 10), (12, 10), (11, 12), (30, 5), (31, 6), (29, 7), (30, 7), (31, 7)}
    cells |= {(40 + i, 40) for i in range(10)} | {(60, 20 + i) for i in range(7)}
    for _ in range(n):
        cells = step(cells)
    return len(cells), min(cells), max(cells)


if __name__ == "__main__":
    main(run, 1500)
