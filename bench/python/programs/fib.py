"""Recursive calls with int arguments."""
from benchmain import main


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


if __name__ == "__main__":
    main(fib, 31)
