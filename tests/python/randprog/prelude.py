def cut(v):
    t = type(v)
    if t is int: return v if -(1 << 300) < v < 1 << 300 else v % 1000003
    if t in (str, list, tuple, bytes, bytearray): return v[:20]
    if t in (dict, set): return v if len(v) < 20 else t()
    return v
def show(v, depth=0):
    t = type(v)
    if depth > 4: return '...'
    if t is list: return '[' + ', '.join([show(x, depth + 1) for x in v[:40]]) + ']'
    if t is tuple: return '(' + ', '.join([show(x, depth + 1) for x in v[:40]]) + ',)'
    if t is dict: return '{' + ', '.join([show(k, depth + 1) + ': ' + show(x, depth + 1) for k, x in v.items()]) + '}'
    if t in (set, frozenset): return t.__name__ + show(sorted([show(x, depth + 1) for x in v]), depth + 1)
    if hasattr(t, '__next__'): return t.__name__ + show([x for x, _ in zip(v, range(30))], depth + 1)
    if t.__name__ in ('dict_keys', 'dict_values', 'dict_items'): return t.__name__ + show(list(v), depth + 1)
    return repr(v)
def t(f):
    try: print(show(f()))
    except Exception as e: print(type(e).__name__, e, e.args == (str(e),))
log = print
def hsh(x): return hash(x) if x == x else 'nan'
import math, sys
class CM:
    def __init__(self, v): self.v = v
    def __enter__(self): log('enter', self.v); return self.v
    def __exit__(self, k, v, tb): log('exit', self.v, k and k.__name__); return self.v == 2.5
    def close(self): log('close')
class ACM(CM):
    async def __aenter__(self): return 'a' + self.__enter__().__repr__()
    async def __aexit__(self, *a): return self.__exit__(*a)
