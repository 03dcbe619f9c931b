"""Readers and writers of delimited text, below module csv."""

__all__ = []

QUOTE_MINIMAL = 0
QUOTE_ALL = 1
QUOTE_NONNUMERIC = 2
QUOTE_NONE = 3
QUOTE_STRINGS = 4
QUOTE_NOTNULL = 5

_dialects = {}
_limit = 128 * 1024


class Error(Exception):
    pass


Error.__module__ = "_csv"


class Dialect:
    """How text is delimited and quoted."""

    __slots__ = ("delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict")

    def __new__(cls, dialect=None, **options):
        return _dialect(dialect, options)

    def __setattr__(self, name, value):
        if name in _defaults:
            raise AttributeError("readonly attribute" if name in ("delimiter", "doublequote", "skipinitialspace", "strict") else
                                 f"attribute '{name}' of '_csv.Dialect' objects is not writable")
        object.__setattr__(self, name, value)

    def __reduce__(self):
        raise TypeError("cannot pickle 'Dialect' object")

    def _check(self, quote_given):
        if self.quotechar is None and self.quoting != QUOTE_NONE:
            if quote_given:
                raise TypeError("quotechar must be set if quoting enabled")
            object.__setattr__(self, "quoting", QUOTE_NONE)
        chars = [(name, getattr(self, name)) for name in ("delimiter", "escapechar", "quotechar")]
        for name, char in chars:
            if char is not None and (char in "\r\n" or char == " " and self.skipinitialspace and name != "delimiter" or
                                     char in self.lineterminator):
                raise ValueError(f"bad {name} value")
        for i, (name, char) in enumerate(chars):
            for other, second in chars[i + 1:]:
                if char is not None and char == second:
                    raise ValueError(f"bad {name} or {other} value")


def _char(name, value, kind="string"):
    if not isinstance(value, str):
        raise TypeError(f'"{name}" must be {kind}, not {type(value).__name__}')
    if len(value) != 1:
        raise TypeError(f'"{name}" must be a 1-character string')
    return value


def _char_or_none(name, value):
    return None if value is None else _char(name, value, "string or None")


def _string(name, value):
    if value is None:
        raise TypeError("lineterminator must be set")
    if not isinstance(value, str):
        raise TypeError(f'"{name}" must be a string')
    return value


def _style(name, value):
    if type(value) is not int:
        raise TypeError(f'"{name}" must be an integer')
    if not QUOTE_MINIMAL <= value <= QUOTE_NOTNULL:
        raise TypeError('bad "quoting" value')
    return value


def _flag(name, value):
    return bool(value)


_defaults = {"delimiter": ",", "doublequote": True, "escapechar": None, "lineterminator": "\r\n", "quotechar": '"',
             "quoting": QUOTE_MINIMAL, "skipinitialspace": False, "strict": False}
_checks = {"delimiter": _char, "doublequote": _flag, "escapechar": _char_or_none, "lineterminator": _string,
           "quotechar": _char_or_none, "quoting": _style, "skipinitialspace": _flag, "strict": _flag}


def _dialect(dialect, options):
    """The dialect of a reader or writer: options that are None count as given."""
    for name in options:
        if name not in _defaults:
            raise TypeError(f"this function got an unexpected keyword argument '{name}'")
    if isinstance(dialect, str):
        dialect = get_dialect(dialect)
    if isinstance(dialect, Dialect) and not options:
        return dialect
    self = object.__new__(Dialect)
    for name, default in _defaults.items():
        value = options[name] if name in options else getattr(dialect, name, default)
        object.__setattr__(self, name, _checks[name](name, value))
    self._check("quotechar" not in options or "quoting" in options)
    return self


def register_dialect(name, dialect=None, **options):
    if not isinstance(name, str):
        raise TypeError("dialect name must be a string")
    _dialects[name] = _dialect(dialect, options)


def unregister_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    del _dialects[name]


def get_dialect(name):
    if name not in _dialects:
        raise Error("unknown dialect")
    return _dialects[name]


def list_dialects():
    return list(_dialects)


def field_size_limit(new_limit=None):
    global _limit
    old = _limit
    if new_limit is not None:
        if not isinstance(new_limit, int):
            raise TypeError("limit must be an integer")
        _limit = new_limit
    return old


# What a reader has seen of a record.
_START, _FIELD, _UNQUOTED, _QUOTED, _AFTER_QUOTE, _ESCAPED, _ESCAPED_QUOTED, _END, _ESCAPED_END = range(9)


class Reader:
    """An iterator over the records of lines."""

    def __init__(self, lines, dialect):
        self._lines = lines
        self.dialect = dialect
        self.line_num = 0
        self._state = _START

    def __iter__(self):
        return self

    def __next__(self):
        self._fields = []
        self._text = []
        self._state = _START
        self._numeric = self._quoted = False
        while True:
            try:
                line = next(self._lines)
            except StopIteration:
                if self._text or self._state in (_QUOTED, _ESCAPED_QUOTED):
                    if self.dialect.strict:
                        raise Error("unexpected end of data") from None
                    self._save()
                    break
                if self._state in (_FIELD, _ESCAPED) and self._fields:
                    self._save()
                    break
                raise
            if not isinstance(line, str):
                raise Error(f"iterator should return strings, not {type(line).__name__} (the file should be opened in text mode)")
            self.line_num += 1
            for char in line:
                self._take(char)
            self._take("")
            if self._state == _START:
                break
        return self._fields

    def _save(self):
        text = "".join(self._text)
        style = self.dialect.quoting
        value = text
        if not self._quoted:
            if style == QUOTE_NOTNULL and not text:
                value = None
            elif style == QUOTE_STRINGS:
                value = float(text) if text else None
            elif style == QUOTE_NONNUMERIC and text:
                value = float(text)
        self._fields.append(value)
        self._text = []
        self._quoted = False

    def _add(self, char):
        if len(self._text) >= _limit:
            raise Error(f"field larger than field limit ({_limit})")
        self._text.append(char)

    def _take(self, char):
        """One character; "" stands for the end of a line."""
        d, state = self.dialect, self._state
        ends = char == "" or char == "\n" or char == "\r"
        if state == _START:
            if char == "":
                return
            if ends:
                self._state = _END
                return
            state = _FIELD
        if state == _FIELD:
            if ends:
                self._save()
                self._state = _START if char == "" else _END
            elif char == d.quotechar and d.quoting != QUOTE_NONE:
                self._quoted = True
                self._state = _QUOTED
            elif char == d.escapechar:
                self._state = _ESCAPED
            elif char == " " and d.skipinitialspace:
                self._state = _FIELD
            elif char == d.delimiter:
                self._save()
                self._state = _FIELD
            else:
                self._add(char)
                self._state = _UNQUOTED
        elif state == _ESCAPED:
            if char == "\n" or char == "\r":
                self._add(char)
                self._state = _ESCAPED_END
            else:
                self._add(char or "\n")
                self._state = _UNQUOTED
        elif state == _UNQUOTED or state == _ESCAPED_END:
            if state == _ESCAPED_END and char == "":
                return
            if ends:
                self._save()
                self._state = _START if char == "" else _END
            elif char == d.escapechar:
                self._state = _ESCAPED
            elif char == d.delimiter:
                self._save()
                self._state = _FIELD
            else:
                self._add(char)
                self._state = _UNQUOTED
        elif state == _QUOTED:
            if char == "":
                return
            if char == d.escapechar:
                self._state = _ESCAPED_QUOTED
            elif char == d.quotechar and d.quoting != QUOTE_NONE:
                self._state = _AFTER_QUOTE if d.doublequote else _UNQUOTED
            else:
                self._add(char)
        elif state == _ESCAPED_QUOTED:
            self._add(char or "\n")
            self._state = _QUOTED
        elif state == _AFTER_QUOTE:
            if char == d.quotechar and d.quoting != QUOTE_NONE:
                self._add(char)
                self._state = _QUOTED
            elif char == d.delimiter:
                self._save()
                self._state = _FIELD
            elif ends:
                self._save()
                self._state = _START if char == "" else _END
            elif not d.strict:
                self._add(char)
                self._state = _UNQUOTED
            else:
                raise Error(f"'{d.delimiter}' expected after '{d.quotechar}'")
        elif state == _END:
            if char == "":
                self._state = _START
            elif not ends:
                raise Error("new-line character seen in unquoted field - do you need to open the file with newline=''?")


def reader(iterable, /, dialect="excel", **options):
    return Reader(iter(iterable), _dialect(dialect if "excel" in _dialects or dialect != "excel" else None, options))


class Writer:
    """Writes records to a file."""

    def __init__(self, write, dialect):
        self._write = write
        self.dialect = dialect

    def writerow(self, row, /):
        try:
            fields = iter(row)
        except TypeError:
            raise Error(f"iterable expected, not {type(row).__name__}") from None
        d = self.dialect
        parts = []
        null = False
        for field in fields:
            null = field is None
            parts.append(self._field(field))
        if len(parts) == 1 and parts[0] == "":
            if d.quoting == QUOTE_NONE or null and d.quoting in (QUOTE_STRINGS, QUOTE_NOTNULL):
                raise Error("single empty field record must be quoted")
            parts[0] = d.quotechar * 2
        return self._write(d.delimiter.join(parts) + d.lineterminator)

    def writerows(self, rows, /):
        for row in rows:
            self.writerow(row)

    def _field(self, field):
        d = self.dialect
        style = d.quoting
        if style == QUOTE_NONNUMERIC:
            quoted = not isinstance(field, (int, float, complex)) and not hasattr(type(field), "__float__")
        elif style == QUOTE_ALL:
            quoted = True
        elif style == QUOTE_STRINGS:
            quoted = isinstance(field, str)
        elif style == QUOTE_NOTNULL:
            quoted = field is not None
        else:
            quoted = False
        text = field if isinstance(field, str) else "" if field is None else str(field)
        special = {d.delimiter, d.escapechar, d.quotechar, "\n", "\r", *d.lineterminator}
        out = []
        for char in text:
            if char in special:
                escape = style == QUOTE_NONE
                if not escape:
                    if char == d.quotechar:
                        if d.doublequote:
                            out.append(char)
                        else:
                            escape = True
                    elif char == d.escapechar:
                        escape = True
                    if not escape:
                        quoted = True
                if escape:
                    if d.escapechar is None:
                        raise Error("need to escape, but no escapechar set")
                    out.append(d.escapechar)
            out.append(char)
        text = "".join(out)
        if text == "" and d.delimiter == " " and d.skipinitialspace:
            quoted = True
        return d.quotechar + text + d.quotechar if quoted else text


def writer(file, /, dialect="excel", **options):
    write = getattr(file, "write", None)
    if not callable(write):
        raise TypeError('argument 1 must have a "write" method')
    return Writer(write, _dialect(dialect if "excel" in _dialects or dialect != "excel" else None, options))
