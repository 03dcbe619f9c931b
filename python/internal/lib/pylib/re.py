"""Support for regular expressions, on top of the engine in _sre."""

import enum
from _sre import Match, Pattern, compile as _sre_compile, template as _sre_template

__all__ = ['match', 'fullmatch', 'search', 'sub', 'subn', 'split', 'findall',
           'finditer', 'compile', 'purge', 'escape', 'error', 'Pattern', 'Match',
           'A', 'I', 'L', 'M', 'S', 'X', 'U', 'ASCII', 'IGNORECASE', 'LOCALE',
           'MULTILINE', 'DOTALL', 'VERBOSE', 'UNICODE', 'NOFLAG', 'RegexFlag',
           'PatternError']
__version__ = '2.2.1'


@enum.global_enum
@enum._simple_enum(enum.IntFlag, boundary=enum.KEEP)
class RegexFlag:
    NOFLAG = 0
    ASCII = A = 256
    IGNORECASE = I = 2
    LOCALE = L = 4
    UNICODE = U = 32
    MULTILINE = M = 8
    DOTALL = S = 16
    VERBOSE = X = 64
    DEBUG = 128
    __str__ = object.__str__
    _numeric_repr_ = hex


class PatternError(Exception):
    """A pattern that is not valid: its message, text and the place in it."""

    __module__ = 're'

    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        if pattern is not None and pos is not None:
            msg = '%s at position %d' % (msg, pos)
            newline = '\n' if isinstance(pattern, str) else b'\n'
            self.lineno = pattern.count(newline, 0, pos) + 1
            self.colno = pos - pattern.rfind(newline, 0, pos)
            if newline in pattern:
                msg = '%s (line %d, column %d)' % (msg, self.lineno, self.colno)
        else:
            self.lineno = self.colno = None
        super().__init__(msg)


error = PatternError


def match(pattern, string, flags=0):
    """Match the pattern at the start of the string."""
    return _compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    """Match the pattern against all of the string."""
    return _compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    """Look for the first match of the pattern in the string."""
    return _compile(pattern, flags).search(string)


class _ZeroSentinel(int):
    pass


_zero_sentinel = _ZeroSentinel()


def _old_style(name, args, names, values):
    # Arguments after the string given by position: deprecated, but accepted.
    import warnings
    allowed = len(names)
    for value, default in values:
        if value is not default:
            used = names[[v for v, _ in values].index(value)]
            raise TypeError(f"{name}() got multiple values for argument '{used}'")
    if len(args) > allowed:
        raise TypeError(f'{name}() takes from {name_min[name]} to {name_min[name] + allowed} '
                        f'positional arguments but {name_min[name] + len(args)} were given')
    warnings.warn(f"'{names[0]}' is passed as positional argument",
                  DeprecationWarning, stacklevel=3)
    return [*args, *(0 for _ in range(allowed - len(args)))]


name_min = {'sub': 3, 'subn': 3, 'split': 2}


def sub(pattern, repl, string, *args, count=_zero_sentinel, flags=_zero_sentinel):
    """Replace the leftmost non-overlapping matches of the pattern."""
    if args:
        count, flags = _old_style('sub', args, ('count', 'flags'),
                                  ((count, _zero_sentinel), (flags, _zero_sentinel)))
    return _compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, *args, count=_zero_sentinel, flags=_zero_sentinel):
    """As sub(), but give (new string, number of replacements)."""
    if args:
        count, flags = _old_style('subn', args, ('count', 'flags'),
                                  ((count, _zero_sentinel), (flags, _zero_sentinel)))
    return _compile(pattern, flags).subn(repl, string, count)


def split(pattern, string, *args, maxsplit=_zero_sentinel, flags=_zero_sentinel):
    """Split the string at the matches of the pattern."""
    if args:
        maxsplit, flags = _old_style('split', args, ('maxsplit', 'flags'),
                                     ((maxsplit, _zero_sentinel), (flags, _zero_sentinel)))
    return _compile(pattern, flags).split(string, maxsplit)


def findall(pattern, string, flags=0):
    """The list of all non-overlapping matches in the string."""
    return _compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    """An iterator over all non-overlapping matches in the string."""
    return _compile(pattern, flags).finditer(string)


def compile(pattern, flags=0):
    """Compile a regular expression pattern, giving a Pattern object."""
    return _compile(pattern, flags)


def purge():
    """Clear the cache of compiled patterns."""
    _cache.clear()


_special_chars_map = {i: '\\' + chr(i) for i in b'()[]{}?*+-|^$\\.&~# \t\n\r\v\f'}


def escape(pattern):
    """Escape special characters in a string."""
    if isinstance(pattern, str):
        return pattern.translate(_special_chars_map)
    pattern = str(pattern, 'latin1')
    return pattern.translate(_special_chars_map).encode('latin1')


_cache = {}
_MAXCACHE = 512


def _compile(pattern, flags):
    if isinstance(flags, RegexFlag):
        flags = flags.value
    try:
        return _cache[type(pattern), pattern, flags]
    except KeyError:
        pass
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError('cannot process flags argument with a compiled pattern')
        return pattern
    if not isinstance(pattern, (str, bytes)):
        raise TypeError('first argument must be string or compiled pattern')
    p = _sre_compile(pattern, flags, PatternError)
    if not flags & 128:
        if len(_cache) >= _MAXCACHE:
            del _cache[next(iter(_cache))]
        _cache[type(pattern), pattern, flags] = p
    return p


def _pickle(p):
    return _compile, (p.pattern, p.flags)


import copyreg
copyreg.pickle(Pattern, _pickle, _compile)


class Scanner:
    """A lexical scanner: a list of (pattern, action) pairs."""

    def __init__(self, lexicon, flags=0):
        if isinstance(flags, RegexFlag):
            flags = flags.value
        self.lexicon = lexicon
        self._patterns = [_compile(phrase, flags) for phrase, action in lexicon]
        self.scanner = _compile('|'.join('(%s)' % p for p, action in lexicon), flags)

    def scan(self, string):
        result = []
        i = 0
        while True:
            for p, (phrase, action) in zip(self._patterns, self.lexicon):
                m = p.match(string, i)
                if m:
                    break
            else:
                break
            j = m.end()
            if i == j:
                break
            if callable(action):
                self.match = m
                action = action(self, m.group())
            if action is not None:
                result.append(action)
            i = j
        return result, string[i:]
