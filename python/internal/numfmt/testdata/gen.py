# Writes cases.json: inputs and what CPython 3.13 makes of them.
# Run in this folder: python3.13 gen.py
import json, random, struct
R = random.Random(7)
out = []
def put(kind, args, f):
    try:
        r = f()
        if isinstance(r, float): r = r.hex()
        out.append([kind, args, str(r), ""])
    except Exception as e:
        out.append([kind, args, str(e), type(e).__name__])
floats = [0.0, -0.0, 1.0, -1.5, 1e16, 1e15, 123456789.125, 1e-4, 9.999e-5, 1e22, 1e23, 5e-324, 1.7976931348623157e308,
          float('inf'), float('-inf'), float('nan'), 0.1, 2.5, 3.5, 0.5, 1e100, 12345678901234567.0, 100.0, 999.5, 99.95]
for _ in range(120):
    x = struct.unpack('<d', R.randbytes(8))[0]
    if x == x: floats.append(x)
    floats.append(R.uniform(-1000, 1000)); floats.append(round(R.uniform(-100, 100), 3))
for x in floats:
    put("repr", [x.hex()], lambda: repr(x))
    put("hex", [x.hex()], lambda: x.hex())
    if x == x: put("hash", [x.hex()], lambda: hash(x))
    if x - x == 0:
        put("ratio", [x.hex()], lambda: "%d/%d" % x.as_integer_ratio())
        for n in (-400, -2, -1, 0, 1, 2, 17):
            put("round", [x.hex(), n], lambda: round(x, n))
def spec(types):
    s = ""
    if R.random() < .4:
        if R.random() < .6: s += R.choice("*x0é ")
        s += R.choice("<>=^")
    if R.random() < .3: s += R.choice("+- ")
    if R.random() < .1: s += "z"
    if R.random() < .2: s += "#"
    if R.random() < .3: s += "0"
    if R.random() < .5: s += str(R.randrange(1, 25))
    if R.random() < .25: s += R.choice([",", "_", ",", "_", ",_", "_,", ",,"])
    if R.random() < .4: s += "." + R.choice(["0", "1", "2", "3", "5", "10", "20", ""])
    if R.random() < .8: s += R.choice(types)
    return s
for _ in range(1500):
    sp, x = spec("eEfFgG%ngf"), R.choice(floats)
    put("ffloat", [sp, x.hex()], lambda: format(x, sp))
ints = [0, 1, -1, 7, -42, 1000, 1234567, -987654321, 2**63-1, -2**63, 2**63, 10**30, -3**100, 65, 0x10ffff, 0x110000, 10**40]
for _ in range(1500):
    sp, x = spec("bcdoxXneEfFgG%dxs"), R.choice(ints)
    put("fint", [sp, str(x)], lambda: format(x, sp))
put("fint", [".2e", str(10**400)], lambda: format(10**400, ".2e"))
for _ in range(600):
    sp, x, y = spec("eEfFgGnd%"), R.choice(floats), R.choice(floats)
    put("fcomplex", [sp, x.hex(), y.hex()], lambda: format(complex(x, y), sp))
for _ in range(600):
    sp, x = spec("sssd"), R.choice(["", "a", "héllo", "日本語 text", "x" * 12])
    put("fstr", [sp, x], lambda: format(x, sp))
for x in floats[:60]:
    for y in floats[:6]: put("crepr", [x.hex(), y.hex()], lambda: repr(complex(x, y)))
for i in ints + [2**61-1, 2**61, -2**61, 2**61-2, 2**122-1, -(2**61-1), -2**64]: put("hashint", [str(i)], lambda: hash(i))
for s, b in [("0", 10), ("12_3", 10), ("_1", 10), ("1_", 10), ("1__2", 10), ("0x1f", 16), ("0x1f", 0), ("1f", 16), ("0x_1", 0), ("0b101", 0), ("0o17", 8), ("017", 0),
             ("00", 0), ("0_0", 0), ("017", 10), ("-0x10", 16), ("+5", 10), ("+-5", 10), ("", 10), ("0x", 16), ("z", 36), ("Zz", 36), ("9223372036854775808", 10),
             ("-9223372036854775808", 10), ("1" * 4300, 10), ("1" * 4301, 10), ("1" * 5000, 16), ("12", 2), ("0b1", 2), ("0b1", 16), ("0xg", 16), ("- 1", 10)]:
    def f():
        try: return int(s, b)
        except ValueError as e:
            if "invalid literal" in str(e): return "bad"
            raise
    put("int", [s, b], f)
for s in ["1", "1.5", ".5", "5.", ".", "1e5", "1e", "1_0.5_1", "1_.5", "1._5", "inf", "-Infinity", "nan", "+nan", "0x10", "1e400", "-1e400", "1e-400", "infinit", "1e5.5", "--1", "1E+5", "1_000e1_0", "1e_5"]:
    def f():
        try: return float(s)
        except ValueError: return "bad"
    put("float", [s], f)
for s in ["0x1p0", "1.8p1", "-0x1.999999999999ap-4", "0x1p-1074", "0x1p-1075", "0x1.8p-1075", "0x1p1024", "inf", "-nan", " 0x1 ", "0x", "0x.8", "0x1.p3", "p3", "0x1p", "0x1.00000000000008p0", "0x1.00000000000018p0", "0x1p99999999999999999999", "0x0p99999999999999999999", "0x1_0", "zz"]:
    put("fromhex", [s], lambda: float.fromhex(s))
for t in [(), (1,), (1, 2), (0, 0), (-1, 5, 10**20), (1.5, 2)]:
    put("hashtuple", [[str(hash(x)) for x in t]], lambda: hash(t))
json.dump(out, open("cases.json", "w"), ensure_ascii=True, separators=(",", ":"), indent=0)
