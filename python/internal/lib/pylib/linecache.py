"""Cache lines of source files."""

__all__ = ["getline", "clearcache", "checkcache", "lazycache"]

cache = {}


def clearcache():
    """Clear the cache entirely."""
    cache.clear()


def getline(filename, lineno, module_globals=None):
    """Get a line of a file, '' if there is none."""
    lines = getlines(filename, module_globals)
    if 1 <= lineno <= len(lines):
        return lines[lineno - 1]
    return ""


def getlines(filename, module_globals=None):
    """Get the lines of a file."""
    if filename in cache:
        entry = cache[filename]
        if len(entry) != 1:
            return entry[2]
    return updatecache(filename, module_globals)


def checkcache(filename=None):
    """Discard entries that are out of date."""


def lazycache(filename, module_globals):
    return False


def updatecache(filename, module_globals=None):
    """Read a file into the cache."""
    import _traceback
    lines = _traceback.source_lines(filename)
    if lines is None:
        return []
    lines = [line + "\n" for line in lines]
    if lines and lines[-1] == "\n":
        lines.pop()
    cache[filename] = (0, None, lines, filename)
    return lines
