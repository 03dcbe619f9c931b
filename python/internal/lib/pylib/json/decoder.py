"""Implementation of JSONDecoder."""

from _json import scan as _scan, scanstring as _scanstring

__all__ = ['JSONDecoder', 'JSONDecodeError']


class JSONDecodeError(ValueError):
    """A syntax error in JSON text, with the place where it was found."""

    def __init__(self, msg, doc, pos):
        lineno = doc.count('\n', 0, pos) + 1
        colno = pos - doc.rfind('\n', 0, pos)
        ValueError.__init__(self, '%s: line %d column %d (char %d)' % (msg, lineno, colno, pos))
        self.msg = msg
        self.doc = doc
        self.pos = pos
        self.lineno = lineno
        self.colno = colno

    def __reduce__(self):
        return self.__class__, (self.msg, self.doc, self.pos)


_CONSTANTS = {'-Infinity': float('-inf'), 'Infinity': float('inf'), 'NaN': float('nan')}
_BLANKS = ' \t\n\r'


def scanstring(s, end, strict=True):
    """Scan the string that begins at end, behind its quote."""
    return _scanstring(s, end, strict, JSONDecodeError)


def _skip(s, i):
    n = len(s)
    while i < n and s[i] in _BLANKS:
        i += 1
    return i


class JSONDecoder:
    """Simple JSON decoder."""

    def __init__(self, *, object_hook=None, parse_float=None, parse_int=None,
                 parse_constant=None, strict=True, object_pairs_hook=None):
        self.object_hook = object_hook
        self.parse_float = parse_float or float
        self.parse_int = parse_int or int
        self.parse_constant = parse_constant or _CONSTANTS.__getitem__
        self.strict = strict
        self.object_pairs_hook = object_pairs_hook
        self.memo = {}

    def scan_once(self, s, idx):
        return _scan(s, idx, self.strict, self.object_hook, self.object_pairs_hook,
                     None if self.parse_float is float else self.parse_float,
                     None if self.parse_int is int else self.parse_int,
                     self.parse_constant, JSONDecodeError)

    def decode(self, s):
        """The object that the JSON document s stands for."""
        obj, end = self.raw_decode(s, idx=_skip(s, 0))
        end = _skip(s, end)
        if end != len(s):
            raise JSONDecodeError('Extra data', s, end)
        return obj

    def raw_decode(self, s, idx=0):
        """Decode a document at idx; give the object and where it ended."""
        try:
            return self.scan_once(s, idx)
        except StopIteration as err:
            raise JSONDecodeError('Expecting value', s, err.value) from None
