"""Operations on POSIX path names; os.path is this module."""

import os

__all__ = ['normcase', 'isabs', 'join', 'splitdrive', 'splitroot', 'split',
           'splitext', 'basename', 'dirname', 'commonprefix', 'getsize',
           'getmtime', 'getatime', 'getctime', 'islink', 'exists', 'lexists',
           'isdir', 'isfile', 'ismount', 'expanduser', 'expandvars', 'normpath',
           'abspath', 'samefile', 'sameopenfile', 'samestat', 'curdir', 'pardir',
           'sep', 'pathsep', 'defpath', 'altsep', 'extsep', 'devnull', 'realpath',
           'supports_unicode_filenames', 'relpath', 'commonpath', 'isjunction',
           'isdevdrive']

curdir = '.'
pardir = '..'
extsep = '.'
sep = '/'
pathsep = ':'
defpath = '/bin:/usr/bin'
altsep = None
devnull = '/dev/null'
supports_unicode_filenames = False


def _like(path, *texts):
    # The texts as bytes if the path is bytes.
    if isinstance(path, bytes):
        return tuple(t.encode() for t in texts)
    return texts


def _check(name, *args):
    kinds = {type(a) for a in args}
    for a in args:
        if not isinstance(a, (str, bytes)):
            raise TypeError(f'{name}() argument must be str, bytes, or '
                            f'os.PathLike object, not {a.__class__.__name__!r}') from None
    if any(issubclass(k, str) for k in kinds) and any(issubclass(k, bytes) for k in kinds):
        raise TypeError("Can't mix strings and bytes in path components") from None


def normcase(s):
    return os.fspath(s)


def isabs(s):
    s = os.fspath(s)
    return s.startswith(_like(s, '/')[0])


def join(a, *p):
    """Join path components; an absolute one discards what is before it."""
    a = os.fspath(a)
    slash, = _like(a, '/')
    path = a
    try:
        for b in p:
            b = os.fspath(b)
            if b.startswith(slash) or not path:
                path = b
            elif path.endswith(slash):
                path += b
            else:
                path += slash + b
    except (TypeError, AttributeError, BytesWarning):
        _check('join', a, *p)
        raise
    return path


def split(p):
    """(head, tail), where tail is what follows the last slash."""
    p = os.fspath(p)
    slash, = _like(p, '/')
    i = p.rfind(slash) + 1
    head, tail = p[:i], p[i:]
    if head and head != slash * len(head):
        head = head.rstrip(slash)
    return head, tail


def splitext(p):
    """(root, ext), where ext is empty or begins at the last dot."""
    p = os.fspath(p)
    slash, dot = _like(p, '/', '.')
    start = p.rfind(slash) + 1
    i = p.rfind(dot)
    if i > start and p[start:i].strip(dot):
        return p[:i], p[i:]
    return p, p[:0]


def splitdrive(p):
    p = os.fspath(p)
    return p[:0], p


def splitroot(p):
    p = os.fspath(p)
    slash, = _like(p, '/')
    empty = p[:0]
    if p[:1] != slash:
        return empty, empty, p
    if p[1:2] != slash or p[2:3] == slash:
        return empty, slash, p[1:]
    return empty, p[:2], p[2:]


def basename(p):
    return split(p)[1]


def dirname(p):
    return split(p)[0]


def isjunction(path):
    os.fspath(path)
    return False


def isdevdrive(path):
    os.fspath(path)
    return False


def _stat(path, stat=None):
    try:
        return (stat or os.stat)(path)
    except (OSError, ValueError):
        return None


def exists(path):
    return _stat(path) is not None


def lexists(path):
    return _stat(path, os.lstat) is not None


def _is_kind(st, kind):
    return st is not None and st.st_mode & 0o170000 == kind


def isfile(path):
    return _is_kind(_stat(path), 0o100000)


def isdir(s):
    return _is_kind(_stat(s), 0o040000)


def islink(path):
    return _is_kind(_stat(path, os.lstat), 0o120000)


def ismount(path):
    """Whether the path is a mount point: its parent is elsewhere."""
    st = _stat(path, os.lstat)
    if st is None or _is_kind(st, 0o120000):
        return False
    path = os.fspath(path)
    parent = _stat(realpath(join(path, _like(path, '..')[0])), os.lstat)
    if parent is None:
        return False
    return st.st_dev != parent.st_dev or st.st_ino == parent.st_ino


def getsize(filename):
    return os.stat(filename).st_size


def getmtime(filename):
    return os.stat(filename).st_mtime


def getatime(filename):
    return os.stat(filename).st_atime


def getctime(filename):
    return os.stat(filename).st_ctime


def samestat(s1, s2):
    return s1.st_ino == s2.st_ino and s1.st_dev == s2.st_dev


def samefile(f1, f2):
    return samestat(os.stat(f1), os.stat(f2))


def sameopenfile(fp1, fp2):
    return samestat(os.fstat(fp1), os.fstat(fp2))


def expanduser(path):
    """Replace a leading ~ by the home directory."""
    path = os.fspath(path)
    tilde, slash = _like(path, '~', '/')
    if not path.startswith(tilde):
        return path
    i = path.find(slash, 1)
    if i < 0:
        i = len(path)
    if i != 1 or 'HOME' not in os.environ:
        return path
    home = os.environ['HOME']
    if isinstance(path, bytes):
        home = os.fsencode(home)
    return (home.rstrip(slash) + path[i:]) or slash


def expandvars(path):
    """Replace $name and ${name} by variables of the environment."""
    path = os.fspath(path)
    binary = isinstance(path, bytes)
    text = os.fsdecode(path)
    if '$' not in text:
        return path
    out = []
    i = 0
    while True:
        j = text.find('$', i)
        if j < 0:
            break
        out.append(text[i:j])
        if text[j + 1:j + 2] == '{':
            end = text.find('}', j + 2)
            if end < 0:
                i = j
                break
            name, i = text[j + 2:end], end + 1
        else:
            end = j + 1
            while end < len(text) and text[end].isascii() and (text[end].isalnum() or text[end] == '_'):
                end += 1
            name, i = text[j + 1:end], end
        out.append(os.environ[name] if name in os.environ else text[j:i])
    out.append(text[i:])
    text = ''.join(out)
    return os.fsencode(text) if binary else text


def normpath(path):
    """Collapse doubled slashes, . and .. without looking at the disk."""
    path = os.fspath(path)
    slash, dot, dotdot = _like(path, '/', '.', '..')
    if not path:
        return dot
    _, root, rest = splitroot(path)
    parts = []
    for part in rest.split(slash):
        if not part or part == dot:
            continue
        if part != dotdot or (not root and not parts) or (parts and parts[-1] == dotdot):
            parts.append(part)
        elif parts:
            parts.pop()
    return root + slash.join(parts) or dot


def abspath(path):
    path = os.fspath(path)
    if not isabs(path):
        path = join(os.getcwdb() if isinstance(path, bytes) else os.getcwd(), path)
    return normpath(path)


def realpath(filename, *, strict=False):
    """The path without symbolic links; loops and missing parts are kept unless
    strict."""
    filename = os.fspath(filename)
    slash, dot, dotdot = _like(filename, '/', '.', '..')
    path = slash if isabs(filename) else (os.getcwdb() if isinstance(filename, bytes) else os.getcwd())
    rest = filename.split(slash)[::-1]
    seen = {}
    while rest:
        part = rest.pop()
        if part is None:          # the link whose name follows is resolved
            seen[rest.pop()] = path
            continue
        if not part or part == dot:
            continue
        if part == dotdot:
            path = dirname(path)
            continue
        new = path + part if path == slash else path + slash + part
        try:
            st = os.lstat(new)
        except OSError:
            if strict:
                raise
            path = new
            continue
        if not _is_kind(st, 0o120000):
            path = new
            continue
        if new in seen:
            path = seen[new]
            if path is not None:
                continue
            if strict:
                os.stat(new)      # raises: too many levels of links
            path = new
            continue
        seen[new] = None
        target = os.readlink(new)
        if target.startswith(slash):
            path = slash
        rest.append(new)
        rest.append(None)
        rest.extend(target.split(slash)[::-1])
    return path


def relpath(path, start=None):
    path = os.fspath(path)
    if not path:
        raise ValueError('no path specified')
    slash, dot, dotdot = _like(path, '/', '.', '..')
    start = dot if start is None else os.fspath(start)
    _check('relpath', path, start)
    a = [x for x in abspath(start).split(slash) if x]
    b = [x for x in abspath(path).split(slash) if x]
    i = len(commonprefix([a, b]))
    parts = [dotdot] * (len(a) - i) + b[i:]
    return slash.join(parts) if parts else dot


def commonprefix(m):
    """The longest common leading part of a list of sequences."""
    if not m:
        return ''
    if not isinstance(m[0], (list, tuple)):
        m = tuple(map(os.fspath, m))
    low, high = min(m), max(m)
    for i, c in enumerate(low):
        if c != high[i]:
            return low[:i]
    return low


def commonpath(paths):
    paths = tuple(map(os.fspath, paths))
    if not paths:
        raise ValueError('commonpath() arg is an empty sequence')
    _check('commonpath', *paths)
    slash, dot = _like(paths[0], '/', '.')
    if len({isabs(p) for p in paths}) > 1:
        raise ValueError("Can't mix absolute and relative paths")
    parts = [[c for c in p.split(slash) if c and c != dot] for p in paths]
    root = slash if isabs(paths[0]) else slash[:0]
    return root + slash.join(commonprefix(parts))
