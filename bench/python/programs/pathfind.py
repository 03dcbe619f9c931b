"""Dijkstra with heapq on a grid with walls."""
import heapq

from benchmain import main


def neighbours(x, y, n):
    if x > 0:
        yield x - 1, y
    if x + 1 < n:
        yield x + 1, y
    if y > 0:
        yield x, y - 1
    if y + 1 < n:
        yield x, y + 1


def run(n):
    cost = [[(x * 7 + y * 13) % 9 + 1 if (x * y + x) % 11 else 100 for x in range(n)] for y in range(n)]
    best = {(0, 0): 0}
    heap = [(0, 0, 0)]
    done = set()
    while heap:
        d, x, y = heapq.heappop(heap)
        if (x, y) in done:
            continue
        done.add((x, y))
        for nx, ny in neighbours(x, y, n):
            nd = d + cost[ny][nx]
            if nd < best.get((nx, ny), 1 << 60):
                best[nx, ny] = nd
                heapq.heappush(heap, (nd, nx, ny))
    return best[n - 1, n - 1], sum(best.values())


if __name__ == "__main__":
    main(run, 350)
