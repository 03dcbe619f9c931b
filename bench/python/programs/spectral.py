# tags: numeric
"""Spectral norm: nested loops of float arithmetic over lists."""
from benchmain import main


def a(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(u, transposed):
    n = len(u)
    out = []
    for i in range(n):
        s = 0.0
        if transposed:
            for j in range(n):
                s += a(j, i) * u[j]
        else:
            for j in range(n):
                s += a(i, j) * u[j]
        out.append(s)
    return out


def run(n):
    u = [1.0] * n
    for _ in range(5):
        v = times(times(u, False), True)
        u = times(times(v, False), True)
    vbv = vv = 0.0
    for x, y in zip(u, v):
        vbv += x * y
        vv += y * y
    return "%.9f" % (vbv / vv) ** 0.5


if __name__ == "__main__":
    main(run, 260)
