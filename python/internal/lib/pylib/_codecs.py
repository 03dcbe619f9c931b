"""The registry of codecs and the conversions below module codecs."""

import sys

_search = []
_cache = {}
_handlers = {}


def register(search_function, /):
    if not callable(search_function):
        raise TypeError("argument must be callable")
    _search.append(search_function)


def unregister(search_function, /):
    if search_function in _search:
        _search.remove(search_function)
        _cache.clear()


def lookup(encoding, /):
    name = encoding.lower().replace(' ', '-')
    if name not in _cache:
        if not _search:
            import codecs
            import encodings
        for function in _search:
            found = function(name)
            if found is not None:
                if not isinstance(found, tuple) or len(found) != 4:
                    raise TypeError("codec search functions must return 4-tuples")
                _cache[name] = found
                break
        else:
            raise LookupError(f"unknown encoding: {encoding}")
    return _cache[name]


def encode(obj, encoding='utf-8', errors='strict'):
    return lookup(encoding)[0](obj, errors)[0]


def decode(obj, encoding='utf-8', errors='strict'):
    return lookup(encoding)[1](obj, errors)[0]


def register_error(errors, handler, /):
    if not callable(handler):
        raise TypeError("handler must be callable")
    _handlers[errors] = handler


def lookup_error(errors, /):
    try:
        return _handlers[errors]
    except KeyError:
        raise LookupError(f"unknown error handler name '{errors}'") from None


def _span(error, what):
    if not isinstance(error, what):
        raise TypeError(f"don't know how to handle {type(error).__name__} in error callback")
    return error.object[error.start:error.end]


def _strict(error):
    if isinstance(error, BaseException):
        raise error
    raise TypeError("codec must pass exception instance")


def _ignore(error):
    _span(error, UnicodeError)
    return '', error.end


def _replace(error):
    span = _span(error, UnicodeError)
    if isinstance(error, UnicodeEncodeError):
        return '?' * len(span), error.end
    return '\ufffd' * (1 if isinstance(error, UnicodeDecodeError) else len(span)), error.end


def _escape(c):
    n = ord(c)
    return f'\\x{n:02x}' if n < 256 else f'\\u{n:04x}' if n < 65536 else f'\\U{n:08x}'


def _backslashreplace(error):
    span = _span(error, UnicodeError)
    if isinstance(span, bytes):
        return ''.join(f'\\x{n:02x}' for n in span), error.end
    return ''.join(map(_escape, span)), error.end


def _xmlcharrefreplace(error):
    return ''.join(f'&#{ord(c)};' for c in _span(error, UnicodeEncodeError)), error.end


def _surrogateescape(error):
    span = _span(error, UnicodeError)
    if isinstance(span, bytes):
        if span[0] < 128:
            raise error
        return chr(0xdc00 + span[0]), error.start + 1
    if not all(0xdc80 <= ord(c) <= 0xdcff for c in span):
        raise error
    return bytes(ord(c) - 0xdc00 for c in span), error.end


for _name, _handler in (('strict', _strict), ('ignore', _ignore), ('replace', _replace), ('backslashreplace', _backslashreplace),
                        ('xmlcharrefreplace', _xmlcharrefreplace), ('surrogateescape', _surrogateescape)):
    register_error(_name, _handler)


def _encoder(encoding):
    def encode(str, errors=None, /):
        return str.encode(encoding, errors or 'strict'), len(str)
    return encode


def _decoder(encoding):
    def decode(data, errors=None, final=False, /):
        data = bytes(data)
        if final or not data:
            return data.decode(encoding, errors or 'strict'), len(data)
        try:
            return data.decode(encoding, errors or 'strict'), len(data)
        except UnicodeDecodeError as e:
            if e.reason not in ('unexpected end of data', 'truncated data') or e.end != len(data):
                raise
            return data[:e.start].decode(encoding, errors or 'strict'), e.start
    return decode


def _whole(encoding):
    def decode(data, errors=None, final=True, /):
        data = data.encode() if isinstance(data, str) else bytes(data)
        return data.decode(encoding, errors or 'strict'), len(data)
    return decode


for _name in ('utf_8', 'utf_16', 'utf_16_le', 'utf_16_be', 'utf_32', 'utf_32_le', 'utf_32_be', 'utf_7'):
    globals()[_name + '_encode'] = _encoder(_name.replace('_', '-'))
    globals()[_name + '_decode'] = _decoder(_name.replace('_', '-'))
for _name in ('ascii', 'latin_1', 'unicode_escape', 'raw_unicode_escape'):
    globals()[_name + '_encode'] = _encoder(_name)
    globals()[_name + '_decode'] = _whole(_name)


def utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /):
    names = {-1: 'utf-16-le', 0: 'utf-16', 1: 'utf-16-be'}
    text, n = _decoder(names[byteorder])(data, errors, final)
    return text, n, byteorder


def utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /):
    names = {-1: 'utf-32-le', 0: 'utf-32', 1: 'utf-32-be'}
    text, n = _decoder(names[byteorder])(data, errors, final)
    return text, n, byteorder


def readbuffer_encode(data, errors=None, /):
    data = data.encode() if isinstance(data, str) else bytes(data)
    return data, len(data)


def escape_encode(data, errors=None, /):
    return repr(bytes(data))[2:-1].encode(), len(data)


def escape_decode(data, errors=None, /):
    data = data.encode() if isinstance(data, str) else bytes(data)
    text = data.decode('latin-1').replace('\\N', '\\\\N').replace('\\u', '\\\\u').replace('\\U', '\\\\U')
    return text.encode('latin-1').decode('unicode_escape').encode('latin-1'), len(data)


def charmap_build(map):
    return {ord(c): i for i, c in enumerate(map)}


def charmap_encode(text, errors=None, mapping=None, /):
    if mapping is None:
        return text.encode('latin-1', errors or 'strict'), len(text)
    out = bytearray()
    i = 0
    while i < len(text):
        try:
            code = mapping[ord(text[i])]
        except LookupError:
            code = None
        if code is None:
            error = UnicodeEncodeError('charmap', text, i, i + 1, 'character maps to <undefined>')
            code, i = lookup_error(errors or 'strict')(error)
            out += code.encode('latin-1') if isinstance(code, str) else code
            continue
        i += 1
        if isinstance(code, int):
            out.append(code)
        else:
            out += code
    return bytes(out), len(text)


def charmap_decode(data, errors=None, mapping=None, /):
    if mapping is None:
        return bytes(data).decode('latin-1'), len(data)
    out = []
    i = 0
    while i < len(data):
        try:
            c = mapping[data[i]]
        except LookupError:
            c = None
        if c is None or c in ('\ufffe', 0xfffe):
            error = UnicodeDecodeError('charmap', bytes(data), i, i + 1, 'character maps to <undefined>')
            c, i = lookup_error(errors or 'strict')(error)
            out.append(c)
            continue
        i += 1
        out.append(chr(c) if isinstance(c, int) else c)
    return ''.join(out), len(data)
