"""The parsers below string.Formatter."""


def formatter_parser(text):
    """The parts of a format string: (literal, field or None, spec, conversion)."""
    literal = []
    i, n = 0, len(text)
    while i < n:
        c = text[i]
        i += 1
        if c in "{}":
            if i < n and text[i] == c:
                literal.append(c)
                i += 1
                continue
            if c == "}":
                raise ValueError("Single '}' encountered in format string")
            field, spec, conversion, i = _parse_field(text, i)
            yield "".join(literal), field, spec, conversion
            literal = []
        else:
            literal.append(c)
    if literal:
        yield "".join(literal), None, None, None


def _parse_field(text, i):
    if i >= len(text):
        raise ValueError("Single '{' encountered in format string")
    depth, start, brackets = 1, i, False
    end_name = None
    while i < len(text):
        c = text[i]
        if c == "[" and end_name is None:
            brackets = True
        elif c == "]":
            brackets = False
        elif brackets:
            pass
        elif c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                break
        elif c in ":!" and depth == 1 and end_name is None:
            end_name = i
        i += 1
    if depth:
        if end_name is not None and text[end_name] == "!" and end_name + 2 == len(text):
            raise ValueError("unmatched '{' in format spec")
        raise ValueError("expected '}' before end of string")
    conversion, spec = None, ""
    field = text[start:end_name if end_name is not None else i]
    if end_name is not None and text[end_name] == "!":
        conversion = text[end_name + 1:end_name + 2]
        rest = text[end_name + 2:i]
        if rest and rest[0] != ":":
            raise ValueError("expected ':' after conversion specifier")
        spec = rest[1:]
    elif end_name is not None:
        spec = text[end_name + 1:i]
    return field, spec, conversion, i + 1


def formatter_field_name_split(name):
    """The first part of a field name, and an iterator over (is attribute, key) of the rest."""
    end = min((i for i in (name.find("."), name.find("[")) if i >= 0), default=len(name))
    first, rest = name[:end], name[end:]
    parts = []
    while rest:
        if rest[0] == ".":
            stop = min((i for i in (rest.find(".", 1), rest.find("[", 1)) if i >= 0), default=len(rest))
            parts.append((True, rest[1:stop]))
            rest = rest[stop:]
        elif rest[0] == "[":
            stop = rest.find("]")
            if stop < 0:
                raise ValueError("Missing ']' in format string")
            key = rest[1:stop]
            parts.append((False, int(key) if key.isdecimal() else key))
            rest = rest[stop + 1:]
        else:
            raise ValueError("Only '.' or '[' may follow ']' in format field specifier")
        if parts[-1][1] == "":
            raise ValueError("Empty attribute in format string")
    return int(first) if first.isdecimal() else first, iter(parts)
