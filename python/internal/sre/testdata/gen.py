# Writes cases.json: what CPython's re does with written and random patterns.
# Run with CPython 3.13: python3.13 gen.py > cases.json
import json, random, re, sys, warnings
warnings.simplefilter("ignore")
random.seed(20261121)
S = ["", "a", "abc", "aabbcc", "abcabc", "foo bar baz", "hello world\nsecond line\n", "2026-11-21T07:30", "Ünïcödé ẞß Kſ", "x=1, y=22; z=333",
     "((a)(b))", "a.b.c", "aaaaaaaa", "ababababab", "the cat sat on the mat", "\t tab\n", "日本語 text", "A_b-9", "''\"q\"", "caseCASE", "ı İ i I", "x" * 14]
W = r"""a*|(a)(b)?|^\w+|\w+$|(\w)\1|(?P<x>\w)(?P=x)|(?:ab)+|(ab)*|(a|ab)(c|bcd)*|a{2,3}|a{2,3}?|a{,2}|a{2}|a{2,}|x*?y|.*|.*?|.+b|[a-c]+|[^a-c]+|\d+-\d+|(\d+)-(\d+)-(\d+)T
\bcat\b|\Bat|\s+|\S+|[\w.]+|(?i)CASE|(?i:case)CASE|(?s).*|(?m)^\w+$|^second|(?m)^second|line$|line\Z|(?=a)a|(?!a)\w|(?<=a)b|(?<!a)b|(?<=ab)c|(a)|b|()|(a*)*|(a*)+|(a|b)*?c|(?:a|b)*c|((a)|(b))*|(?(1)a|b)|(a)?(?(1)b|c)
(?P<n>a)?(?(n)b|c)|a++b|a*+|(?>a*)ab|(?>a|ab)c|\x61\u0062|\141|[\x61-\x63]|[]a]+|[a\]]+|[\d-]+|(?x) a b # c|(?a)\w+|(?i)ü|(?i)SS|(?i)ß|(?i)k|(?i)s|(?i)i|(?i)[a-z]+|(?i)[^a-z]+|日|[日本]+|\W+|\D+|(\w+) (\w+)|(.)(.)(.)|(?:(\w)|\W)+
a{0}b|(a{0,3}){2}|(?:a?){3}|(a?)*?b|(a?b?)*|(?:(a)|b)*|(?=(a))|(?=(\w+))\1|(?!.*z)a|^$|\A\Z|(^a)|(b$)|(?:^|,)(\w)|[a-z]+(?=\d)|q(?!u)|(x+x)+y|\.|a.b|a\.b""".replace("\n", "|").split("|")
WRITTEN = []
for line in [x for x in re.split(r"\n", r"""a*
(a)(b)?
^\w+
\w+$
(\w)\1
(?P<x>\w)(?P=x)
(?:ab)+
(ab)*
(a|ab)(c|bcd)*
(a+|b+)*c
((a)|(b))*
(a)?(?(1)b|c)
(?P<n>a)?(?(n)b|c)
(?:a|b)*?c
(a|b)*?c
\bcat\b|\Bat
(?i)ß|k|s|i
(?:(\w)|\W)+
(?:^|,)(\w)
(x+x)+y
(?s:.)*
(?m)^(.*)$
(?:a|(b))*c?
(a(b)?)+
(a(?=b(c)?))+
(?<=(a))b
(?<!a|b)c
(?<=a|b)c
(?>(a+)b?)a
(?=(a*))\1b
(?:(?=(\w))\w)+
(a*?)*?b
(?:a*?)+?c
(\w+?)(\d*)$
((?:\w+\s)*)(\w+)
([ab]*?)(b)?(c)$
(?i)([a-z])\1
(.)(?!\1)
""")]: WRITTEN.append(line)
WRITTEN += W
BAD = [r"*", r"a**", r"(", r")", r"a)", r"[", r"[a", r"[b-a]", r"\\"[:1], r"(?P<1>a)", r"(?P<a>a)(?P<a>b)", r"(?P=x)", r"(?P<x", r"(?P<>a)", r"(?Px)", r"(?<x)", r"(?z)", r"(?", r"(?#", r"\1", r"(a)\2", r"(a\1)",
       r"a{3,2}", r"(?<=a*)b", r"(?<=a|bc)", r"\q", r"[\q]", r"\x1", r"\u12", r"\U00110000", r"(?(1)a|b|c)", r"(?(2)a)", r"(?(x)a)", r"(?(0)a)", r"a(?i)", r"(?i-i:a)", r"(?-a:b)", r"(?i", r"(?i-", r"(?i-:a)", r"(?-z:a)", r"(?iz)", r"(?L)a", r"(?au)a",
       r"{1}", r"x{1}{2}", r"^*", r"$+", r"\b*", r"(?:", r"a|*", r"[\d-a]", r"[a-\d]", r"\8", r"\N{x}", r"(?P", r"(?P<a-b>x)", r"\400", r"(?:a", r"a+++", r"a*?+", r"(?(1", r"(?()a)", r"(?u)(?a)x", r"a{99999999999}", r"\777", r"[\8]"]

def rnd(d=0):
    r = random.random()
    if d > 3 or r < 0.35:
        return random.choice(["a", "b", "c", ".", r"\w", r"\d", "[ab]", "[^a]", r"\s", "x", r"\b", "^", "$"] if r < 0.3 else ["a", "b", "ab"])
    k = random.randrange(9)
    if k < 3: return rnd(d + 1) + rnd(d + 1)
    if k == 3: return "(?:" + rnd(d + 1) + "|" + rnd(d + 1) + ")"
    if k == 4: return "(" + rnd(d + 1) + ")"
    if k == 5: return "(?:" + rnd(d + 1) + ")" + random.choice(["*", "+", "?", "*?", "+?", "??", "{1,2}", "{2}", "{,2}?", "*+", "?+"])
    if k == 6: return "(?" + random.choice("=!>") + rnd(d + 1) + ")"
    if k == 7: return "(" + rnd(d + 1) + ")" + random.choice(["*", "+", "?", "*?", "{0,2}"])
    return "(" + rnd(d + 1) + ")" + rnd(d + 1) + r"\1" if d == 0 else "[a-c]" + random.choice(["*", "+", "?", "*?"])

def spans(m):
    return None if m is None else [list(m.span(i)) for i in range(m.re.groups + 1)] + [m.lastindex or 0]

def case(pat, subjects):
    try:
        p = re.compile(pat)
    except re.error as e:
        return {"p": pat, "msg": e.msg, "pos": -1 if e.pos is None else e.pos}
    except OverflowError as e:
        return {"p": pat, "msg": str(e), "pos": -2}
    except (ValueError, RecursionError) as e:
        return {"p": pat, "msg": str(e), "pos": -3}
    return {"p": pat, "r": [[s, spans(p.search(s)), spans(p.match(s)), spans(p.fullmatch(s)), [list(m.span()) for m in p.finditer(s)], p.search(s, 1) and list(p.search(s, 1).span())] for s in subjects]}

seen, out = set(), []
for p in WRITTEN:
    if p not in seen:
        seen.add(p); out.append(case(p, S))
for p in BAD:
    out.append(case(p, []))
while len(out) < 1500:
    p = rnd()
    if len(p) < 60 and p not in seen:
        seen.add(p)
        out.append(case(p, random.sample(S[:16], 3) + ["".join(random.choice("abcx 1") for _ in range(8)), "".join(random.choice("ab") for _ in range(10))]))
print("[\n" + ",\n".join(json.dumps(c, ensure_ascii=True, separators=(",", ":")) for c in out) + "\n]")
