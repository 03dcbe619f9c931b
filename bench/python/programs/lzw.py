"""LZW compression and its reverse: dicts keyed by bytes, lists."""
from benchmain import main


def compress(data):
    table = {bytes([i]): i for i in range(256)}
    out = []
    cur = b""
    for i in range(len(data)):
        ext = cur + data[i:i + 1]
        if ext in table:
            cur = ext
        else:
            out.append(table[cur])
            if len(table) < 65536:
                table[ext] = len(table)
            cur = data[i:i + 1]
    if cur:
        out.append(table[cur])
    return out


def expand(codes):
    table = {i: bytes([i]) for i in range(256)}
    prev = table[codes[0]]
    out = [prev]
    for code in codes[1:]:
        entry = table[code] if code in table else prev + prev[:1]
        out.append(entry)
        if len(table) < 65536:
            table[len(table)] = prev + entry[:1]
        prev = entry
    return b"".join(out)


def run(n):
    seed = 7
    data = bytearray()
    while len(data) < n:
        seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
        data += b"abracadabra"[: seed >> 28] + bytes([97 + (seed >> 20) % 6])
    data = bytes(data)
    codes = compress(data)
    return len(codes), sum(codes) % 1000003, expand(codes) == data


if __name__ == "__main__":
    main(run, 600000)
