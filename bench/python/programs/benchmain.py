"""Shared main of the benchmark programs.

    program.py [--n SIZE] [--iterations K] [--times]

A program calls main(run, size): run(size) does one iteration of the work and
returns a value that depends on all of it. Every iteration's value is checked
against the first, and the first is printed. With --times each iteration's
seconds are printed on standard error, one a line.
"""
import sys
import time


def main(run, size, iterations=1):
    args = sys.argv[1:]
    times = False
    while args:
        arg = args.pop(0)
        if arg == "--n":
            size = int(args.pop(0))
        elif arg == "--iterations":
            iterations = int(args.pop(0))
        elif arg == "--times":
            times = True
        else:
            raise SystemExit("unknown argument: " + arg)
    clock = time.perf_counter
    first = None
    for i in range(iterations):
        start = clock()
        value = run(size)
        took = clock() - start
        if times:
            print("%.6f" % took, file=sys.stderr)
        if i == 0:
            first = value
        elif value != first:
            raise SystemExit("iteration %d gave %r, the first %r" % (i, value, first))
    print(first)
