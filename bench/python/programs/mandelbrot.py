# tags: numeric
"""Escape times with float locals only."""
from benchmain import main


def run(n):
    total = 0
    for row in range(n):
        ci = 2.0 * row / n - 1.0
        for col in range(n):
            cr = 2.0 * col / n - 1.5
            zr = zi = 0.0
            steps = 0
            while steps < 50:
                zr2 = zr * zr
                zi2 = zi * zi
                if zr2 + zi2 > 4.0:
                    break
                zi = 2.0 * zr * zi + ci
                zr = zr2 - zi2 + cr
                steps += 1
            total += steps
    return total


if __name__ == "__main__":
    main(run, 320)
