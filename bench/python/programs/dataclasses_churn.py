"""Dataclasses made, compared, replaced and dropped."""
from dataclasses import dataclass, field, replace

from benchmain import main


@dataclass(frozen=True)
class Point:
    x: int
    y: int


@dataclass
class Order:
    ident: int
    customer: str
    where: Point
    lines: list = field(default_factory=list)
    total: float = 0.0

    def add(self, name, price, count):
        self.lines.append(Line(name, price, count))
        self.total += price * count


@dataclass(order=True)
class Line:
    name: str
    price: float
    count: int


def run(n):
    seen = {}
    grand = 0.0
    for i in range(n):
        order = Order(i, "c%d" % (i % 50), Point(i % 13, i % 7))
        for k in range(4):
            order.add("p%d" % (k * i % 20), k + 0.5, i % 3 + 1)
        order.lines.sort()
        moved = replace(order, where=Point(order.where.x + 1, order.where.y))
        seen[moved.where] = seen.get(moved.where, 0) + 1
        if moved != order:
            grand += order.total
    return len(seen), "%.2f" % grand, seen[Point(3, 4)]


if __name__ == "__main__":
    main(run, 25000)
