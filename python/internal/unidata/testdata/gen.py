# Writes digests.txt: a checksum of each property over all code points, by CPython 3.13.
# Run in this folder: python3.13 gen.py > digests.txt
import unicodedata, zlib
names = "isalpha isdecimal isdigit isnumeric isalnum islower isupper isspace isprintable upper lower title capitalize casefold swapcase".split()
def digest(f):
    h = 0
    for cp in range(0x110000): h = zlib.crc32((f(chr(cp)) + "\n").encode("utf-8", "surrogatepass"), h)
    return "%x" % h
for n in names:
    def f(c):
        r = getattr(c, n)()
        return r if isinstance(r, str) else str(int(r))
    print(n, digest(f))
print("category", digest(unicodedata.category))
