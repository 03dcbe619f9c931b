# control flow & exceptions
def f1():
    out = []
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            out.append(i)
        finally:
            out.append('f%d' % i)
    else:
        out.append('else')
    return out
print(f1())
def f2():
    try:
        return 'try'
    finally:
        print('fin')
print(f2())
def f3():
    for x in [1,2]:
        try:
            return x
        finally:
            continue
    return 'end'
print(f3())
def f4():
    x = 1
    try:
        return x
    finally:
        x = 2
print(f4())
class CM:
    def __init__(self, n, sup=False): self.n, self.sup = n, sup
    def __enter__(self): print('enter', self.n); return self
    def __exit__(self, t, v, tb): print('exit', self.n, t and t.__name__); return self.sup
def f5():
    with CM(1) as a, CM(2, True) as b:
        print(a.n, b.n)
        raise ValueError('x')
    return 'after'
print(f5())
def f6():
    for i in range(3):
        with CM(i):
            if i == 1: break
    with CM('r'):
        return 'ret'
print(f6())
try:
    try:
        raise KeyError('a')
    except KeyError as e:
        raise ValueError('b') from e
except ValueError as v:
    print(repr(v), repr(v.__cause__), repr(v.__context__))
try:
    e
except NameError as n: print('NameError', n)
def f7():
    try:
        raise ValueError
    except (KeyError, ValueError) as e:
        try:
            raise TypeError
        except TypeError:
            pass
        try:
            raise
        except ValueError:
            return 'reraised'
print(f7())
try:
    raise ExceptionGroup('g', [ValueError(1), TypeError(2), KeyError(3)])
except* ValueError as eg:
    print('V', eg.exceptions)
except* (TypeError, KeyError) as eg:
    print('T', eg.exceptions)
try:
    try:
        raise ExceptionGroup('g', [ValueError(1), OSError(2)])
    except* ValueError: print('v'); raise RuntimeError('new')
except ExceptionGroup as g:
    print(g, [repr(x) for x in g.exceptions])
def f8(n):
    i = 0
    while i < n:
        i += 1
        if i % 2: continue
        if i > 6: break
    else:
        return 'else', i
    return 'broke', i
print(f8(5), f8(10))
a, *b, c = range(6); print(a, b, c)
(a, b), [c, *d] = (1, 2), 'xyz'; print(a, b, c, d)
x = y = [1]; x += [2]; print(x, y)
x = {1: 2}; x[1] += 5; x['k'] = x.get('z', 0); print(x)
l = list(range(10)); l[2:5] = 'ab'; l[::3] = [0]*len(l[::3]); print(l); del l[1:3]; print(l)
l[1:2] += [9, 9]; print(l)
print(1 < 2 < 3 > 2 != 5, 1 < 3 < 2, not 1 in [1])
print([x for x in range(10) if x % 2 if x > 3], {x: y for x, y in zip('ab', 'cd')}, sorted({x % 3 for x in range(9)}))
print([(x, y) for x in range(3) for y in range(x)], list(x*2 for x in range(3)))
fs = [lambda: i for i in range(3)]; print([f() for f in fs])
def outer():
    fs = [lambda j=j: (i, j) for i in range(2) for j in range(2)]
    i = 99
    return [f() for f in fs], [k for k in range(2)], i
print(outer())
print([y := 5, y**2], y)
def w(): return [last := n for n in range(4)], last
print(w())
print(f"{1!r:>5}|{'a'!s}|{3.14159:.{2}f}|{x=}|{'q'=!s}")
assert True, 'no'
try: assert 1 == 2, 'msg'
except AssertionError as e: print('AE', e)
print(*[1, 2], *'ab', sep='-', **{'end': '!\n'})
def g(a, b=2, /, c=3, *args, d, e=5, **kw): return a, b, c, args, d, e, kw
print(g(1, d=4), g(1, 2, 3, 4, 5, d=6, z=7), g(*[1, 2, 3], **{'d': 4, 'b': 9}), g(1, *(2,), 3, d=0, **{'x': 1}, y=2))
for call in ['g()', 'g(1)', 'g(1, 2, 3, d=1, d=2)', 'g(1, a=2, d=3)', 'g(1,2,3,**{"d":1},**{"d":2})', 'print(*1)', 'print(**1)']:
    try: print(eval(call))
    except (TypeError, SyntaxError) as e: print(type(e).__name__, e)
class Meta(type):
    def __new__(m, name, bases, ns, **kw):
        c = super().__new__(m, name, bases, ns); c.kw = kw; return c
    def __init__(c, *a, **k): super().__init__(*a)
class A(metaclass=Meta, z=1):
    "doc of A"
    x = 1
    y = [x for _ in range(2)] if False else [i for i in range(3)]
    def __init__(self): self.v = 1
    def m(self): return __class__, super().__repr__()[:5]
    @classmethod
    def c(cls): return cls.__name__
    @staticmethod
    def s(): return 's'
    @property
    def p(self): return self.v
    @p.setter
    def p(self, v): self.v = v
    __priv = 5
    def getp(self): return self.__priv, self._A__priv
print(A.kw, A.__doc__, A.x, A.y, A().m()[0], A.c(), A.s(), A().p, A().getp(), A.__qualname__, A.m.__qualname__)
a = A(); a.p = 10; print(a.p, a.v)
class B(A):
    def __init__(self): super().__init__(); super(B, self).__init__(); self.b = 2
    def m(self): return 'B', super().m()[0]
    @classmethod
    def c(cls): return 'B' + super().c()
print(B().m(), B.c(), B.__mro__, A.__static_attributes__)
def deco(n):
    def d(f):
        print('deco', n, f.__name__); return f
    return d
@deco(1)
@deco(2)
def dd(): pass
@deco(3)
class DD: pass
def counter():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    def get(): return n
    def rm():
        nonlocal n
        del n
    return inc, get, rm
i, g, r = counter(); i(); i(5); print(g()); r()
try: g()
except NameError as e: print(type(e).__name__, e)
def ub():
    if False: x = 1
    try: print(x)
    except UnboundLocalError as e: print(e)
    x = 1; del x
    try: x
    except UnboundLocalError as e: print(e)
    try: del x
    except UnboundLocalError as e: print(e)
ub()
G = 1
def glob():
    global G, H
    G += 1; H = 5
    def inner(): return G, H
    return inner()
print(glob(), G, H); del H
try: H
except NameError as e: print(e)
class K:
    G = 'class'
    def f(self): return G
    l = lambda self: G
    z = [G for _ in [1]]
    w = list(G for _ in [1])
print(K().f(), K().l(), K.z, K.w)
def clos(x):
    class C:
        y = x
        x = 'inner'
        def m(self): return x
    return C.y, C.x, C().m()
try: print(clos(3))
except NameError as e: print('NE', e)
def clos2(x):
    class C:
        y = x
        def m(self): return x
    return C.y, C().m()
print(clos2(3))
def gen():
    x = yield 1
    print('got', x)
    try:
        y = yield 2
    except ValueError as e:
        print('caught', e); yield 'exc'
    finally:
        print('gen fin')
    return 'done'
it = gen(); print(next(it), it.send('s'), it.throw(ValueError('v')))
try: next(it)
except StopIteration as e: print('stop', e.value)
def sub():
    r = yield from gen()
    print('r', r)
    yield from [7, 8]
s = sub(); print(next(s), s.send('q'), list(s))
def cl():
    try: yield 1
    finally: print('closed')
c = cl(); next(c); c.close()
print(sum(x * y for x in range(4) for y in range(4) if x != y))
def genx(): return (yield)
g = genx(); next(g)
try: g.send(3)
except StopIteration as e: print(e.value)
def m(x):
    match x:
        case 0: return 'zero'
        case 1 | 2: return 'onetwo'
        case -1.5: return 'neg'
        case "s" | b"b": return 'str'
        case None | True: return 'single'
        case [a]: return ('one', a)
        case [a, b, *rest] if len(rest) > 1: return ('rest', a, b, rest)
        case [1, _, *_]: return '1__'
        case [*_, 9]: return 'ends9'
        case (a, b): return ('pair', a, b)
        case {'k': v, **rest}: return ('map', v, rest)
        case {}: return 'emptymap'
        case P(x=0, y=yy): return ('P0', yy)
        case P(xx, yy) as p: return ('P', xx, yy, p.x)
        case int() | float() as n: return ('num', n)
        case str(s): return ('s', s)
        case _: return 'other'
class P:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x, self.y = x, y
for v in [0, 1, 2, -1.5, 's', b'b', None, True, [5], [1,2,3,4], [1,2,3], [3,2,9], [3, 4], {'k': 1, 'z': 2}, {'q': 1}, {}, P(0, 3), P(1, 2), 77, 2.5, 'hello', object, (), range(3)]:
    print(repr(v) if not isinstance(v, P) else 'P', m(v))
import types
async def co(x): return x * 2
class Aw:
    def __await__(self): r = yield 'aw'; return r
async def main():
    a = await co(3)
    b = await Aw()
    async for x in ag(): print('x', x)
    print([y async for y in ag() if y], [await co(z) for z in (1, 2)], {k: v async for k, v in ag2()})
    async with ACM() as q: print('in', q)
    try:
        async with ACM() as q: raise KeyError(1)
    except KeyError: print('ke')
    g = (i async for i in ag())
    print(await anext(g), await g.__anext__())
    return a, b
async def ag():
    for i in range(3):
        yield i
        await co(i)
async def ag2():
    yield 1, 2
    yield 3, 4
class ACM:
    async def __aenter__(self): print('aenter'); return 'acm'
    async def __aexit__(self, *a): print('aexit', a[0] and a[0].__name__)
c = main()
v = None
try:
    while True:
        r = c.send(v); print('yielded', r); v = 'sent'
except StopIteration as e: print('result', e.value)
def gf[T: int, *Ts, **Pm](x: T, *a: *Ts) -> T: return x
print(gf.__type_params__, gf(3), gf.__annotations__['x'])
class GC[T, U = int]:
    v: T
    def meth[W](self, w: W) -> tuple[T, W]: return w
print(GC.__type_params__, GC.__mro__, GC[int], GC(). meth(4), GC.__annotations__)
type Al[T] = list[T] | dict[str, T]
print(Al, Al.__value__, Al.__type_params__, Al.__name__)
type Simple = int
print(Simple.__value__)
class CC:
    type Inner = CC2
    CC2 = str
    def f[T](self, a: CC2, b: T): pass
print(CC.Inner.__value__, CC.f.__annotations__)
x: int = 5
y: 'str'
print(__annotations__)
class An:
    a: int
    b: str = 'x'
    (c): float = 1.0
print(An.__annotations__)
def fa(a: 1+1, *b: 'x', c: list[int] = None, **d: dict) -> None: 'docstring here'
print(fa.__annotations__, fa.__doc__, fa.__defaults__, fa.__kwdefaults__)
co_ = fa.__code__
print(co_.co_varnames, co_.co_argcount, co_.co_kwonlyargcount, co_.co_flags & 0xc, co_.co_name)
exec("print([locals_ for locals_ in range(2)]); zz = 3"); print(zz)
print(eval("[x for x in range(zz)]", {'zz': 4}))
ns = {}; exec(compile("def q():\n  'd'\n  return 1\nw = q()", 'f', 'exec'), ns); print(ns['w'], ns['q'].__doc__)
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, z=3))
import os.path as osp, sys as _s
from os import path as pp
import os.path
print(osp is pp, os.path is pp)
print([i for i, in [(1,), (2,)]], [*range(3), *'ab'], {**{'a': 1}, 'b': 2}, {*[1], 2} == {1, 2}, (*[1], 2))
print('%s-%r-%a' % (1, 'b', 'é'), '%d%%' % 5, '%s' % (1,))
print(2 ** -1, -2 ** 2, 7 // -2, 7 % -3, 1 << 70, ~5, 5 & 3 | 4 ^ 1, not 0, 1 if [] else 2, 10 ** 20)
print(0x_ff, 1_000, 0b11, 0o17, 1e3, 1j * 1j, 'a' 'b', b'a' b'b', r'\n', '\x41\u00e9\N{BULLET}')
def big(): return [0, 1, 2, 3, 4, 5, 6, 7], {'a': 1, 'b': [1, {2}]}, (1, 2, (3,)), {1, 2, 3} == {3, 2, 1}
print(big(), big()[0] is big()[0])
class Desc:
    def __set_name__(self, o, n): print('set_name', n)
    def __get__(self, i, o): return 'got'
class HD: d = Desc()
print(HD.d, HD().d)
print(type(lambda: 0)(fa.__code__, {}).__name__)
for i in range(3):
    def cb(): return i
print(cb())
if True: pass
else: nope
while False: nope
else: print('while else')
from os import *
def more(a, b, c, *d, **e):
    print(-a, +b, ~c, not a, a @ b, a // b, a % b, a << b, a >> b, a | b, a ^ b, a / 2, a % 3, a << 1, a >> 1, a & 1, a | 1, a ^ 1, a ** 2)
    print(a * 2.5, a + 1.5, a - 0.5, a / 0.5, a == 'x', a != 'x', a != 3, a >= 3, a <= 3, a > 3, a is b, a is not b, a in b, a <= b, a >= b, a != b)
    if a != b and a <= b and a >= b and a > b and a != 'k' and a == 'k' and a != 1 and a >= 2 and a <= 3 and a > 4: pass
    if a is b or a not in c: pass
    while a >= 3 or a < b: break
    del a.x, b[c], c
    a[0] = a['k'] = a[b] = 3
    global gg
    gg = 1
    del gg
    raise a from b
async def more2():
    async with x as y: return await y
    async for z in y: raise
