"""Integers of thousands of digits: pi by a spigot, a large factorial, modular powers."""
from benchmain import main


def pi_digits(n):
    out = []
    k, a, b, a1, b1 = 2, 4, 1, 12, 4
    while len(out) < n:
        p, q, k = k * k, 2 * k + 1, k + 1
        a, b, a1, b1 = a1, b1, p * a + q * a1, p * b + q * b1
        d, d1 = a // b, a1 // b1
        while d == d1 and len(out) < n:
            out.append(d)
            a, a1 = 10 * (a % b), 10 * (a1 % b1)
            d, d1 = a // b, a1 // b1
    return "".join(map(str, out))


def run(n):
    digits = pi_digits(n)
    f = 1
    for i in range(1, n):
        f *= i
    total = 0
    for i in range(60):
        total ^= pow(3 + i, f % (10 ** 40 + i), 10 ** 39 + 7)
    return digits[-10:], f % 1000000007, total


if __name__ == "__main__":
    main(run, 4000)
