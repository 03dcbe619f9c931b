"""Allocation: many short-lived trees and one long-lived."""
from benchmain import main


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def make(depth):
    if depth == 0:
        return Node(None, None)
    return Node(make(depth - 1), make(depth - 1))


def check(node):
    if node.left is None:
        return 1
    return 1 + check(node.left) + check(node.right)


def run(n):
    lasting = make(n)
    out = []
    for depth in range(4, n + 1, 4):
        trees = 1 << (n - depth + 4)
        out.append((trees, depth, sum(check(make(depth)) for _ in range(trees))))
    return out, check(lasting)


if __name__ == "__main__":
    main(run, 13)
