# tags: numeric
"""Matrix product of lists of lists."""
from benchmain import main


def product(a, b):
    n, m, p = len(a), len(b), len(b[0])
    out = []
    for i in range(n):
        row = [0.0] * p
        ai = a[i]
        for k in range(m):
            x = ai[k]
            bk = b[k]
            for j in range(p):
                row[j] += x * bk[j]
        out.append(row)
    return out


def run(n):
    a = [[(i * j % 7) / 3.0 for j in range(n)] for i in range(n)]
    b = [[(i + 2 * j) % 11 / 5.0 for j in range(n)] for i in range(n)]
    c = product(a, product(a, b))
    return "%.6f" % sum(sum(row) for row in c)


if __name__ == "__main__":
    main(run, 140)
