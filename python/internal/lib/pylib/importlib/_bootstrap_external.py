"""Finders and loaders of source files, as classes for programs that look; import statements find modules by themselves."""

import sys
import _imp
import posix as _os

path_sep = "/"
path_separators = "/"
SOURCE_SUFFIXES = [".py"]
BYTECODE_SUFFIXES = [".pyc"]
EXTENSION_SUFFIXES = []
MAGIC_NUMBER = b"mrt\n"
SourceFileLoader = _imp.SourceFileLoader
ModuleSpec = _imp.ModuleSpec


def _path_join(*parts):
    return path_sep.join([p.rstrip(path_separators) for p in parts if p])


def _path_split(path):
    head, _, tail = path.rpartition(path_sep)
    return head, tail


def _is_mode(path, mode):
    try:
        return _os.stat(path).st_mode & 0o170000 == mode
    except OSError:
        return False


def _path_isfile(path):
    return _is_mode(path, 0o100000)


def _path_isdir(path):
    return _is_mode(path or _os.getcwd(), 0o040000)


def cache_from_source(path, debug_override=None, *, optimization=None):
    """The bytecode file of a source file."""
    head, tail = _path_split(_os.fspath(path))
    base, dot, _ = tail.rpartition(".")
    return _path_join(head, "__pycache__", f"{base if dot else tail}.{sys.implementation.cache_tag}.pyc")


def source_from_cache(path):
    """The source file of a bytecode file."""
    head, name = _path_split(_os.fspath(path))
    head, folder = _path_split(head)
    if folder != "__pycache__":
        raise ValueError(f"__pycache__ not bottom-level directory in {path!r}")
    if name.count(".") not in (2, 3):
        raise ValueError(f"expected only 2 or 3 dots in {name!r}")
    return _path_join(head, name.partition(".")[0] + ".py")


def decode_source(data):
    """The text of source bytes."""
    import io
    import tokenize
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def spec_from_file_location(name, location=None, *, loader=None, submodule_search_locations=None):
    """A spec for a source file."""
    if loader is None:
        loader = SourceFileLoader(name, location)
    spec = ModuleSpec(name, loader, origin=location)
    spec.submodule_search_locations = submodule_search_locations
    if submodule_search_locations is None and location.endswith("/__init__.py"):
        spec.submodule_search_locations = [_path_split(location)[0]]
    spec.has_location = True
    spec.cached = cache_from_source(location)
    return spec


class FileFinder:
    """Finds the modules of one folder."""

    def __init__(self, path, *loader_details):
        self.path = path or "."

    def invalidate_caches(self):
        pass

    def find_spec(self, fullname, target=None):
        base = _path_join(self.path, fullname.rpartition(".")[2])
        if _path_isdir(base):
            init = _path_join(base, "__init__.py")
            if _path_isfile(init):
                return spec_from_file_location(fullname, init, submodule_search_locations=[base])
        if _path_isfile(base + ".py"):
            return spec_from_file_location(fullname, base + ".py")
        if _path_isdir(base):
            spec = ModuleSpec(fullname, None)
            spec.submodule_search_locations = [base]
            return spec
        return None

    @classmethod
    def path_hook(cls, *loader_details):
        """A function that makes finders, for sys.path_hooks."""
        def path_hook_for_FileFinder(path):
            if not _path_isdir(path):
                raise ImportError("only directories are supported", path=path)
            return cls(path, *loader_details)
        return path_hook_for_FileFinder

    def __repr__(self):
        return f"FileFinder({self.path!r})"


class PathFinder:
    """Finds modules on sys.path, or on a package's path."""

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        parts = []
        for entry in sys.path if path is None else path:
            spec = FileFinder(entry).find_spec(fullname)
            if spec is not None and spec.loader is not None:
                return spec
            if spec is not None:
                parts += spec.submodule_search_locations
        if not parts:
            return None
        spec = ModuleSpec(fullname, None)
        spec.submodule_search_locations = parts
        return spec

    @staticmethod
    def invalidate_caches():
        pass


class FrozenImporter:
    """Finds frozen modules, of which there are none: those that are part of the program are built in."""

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        return None


class SourcelessFileLoader:
    """Loads bytecode files without sources, which PathFinder does not look for."""

    def __init__(self, fullname, path):
        self.name = fullname
        self.path = path


class ExtensionFileLoader(SourcelessFileLoader):
    """Loads shared libraries, which is not possible."""

    def create_module(self, spec):
        raise ImportError("extension modules cannot be loaded", name=spec.name, path=self.path)


class AppleFrameworkLoader(ExtensionFileLoader):
    """Loads shared libraries of an iOS framework, which is not possible either."""


class WindowsRegistryFinder(FrozenImporter):
    """Finds modules declared in a registry, which is not looked into."""


class NamespaceLoader:
    """Loads packages without __init__.py: there is nothing to run."""

    def __init__(self, name, path, path_finder):
        self._path = path

    def create_module(self, spec):
        pass

    def exec_module(self, module):
        pass


class BuiltinImporter:
    """Finds the modules that are part of the program."""

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        return _imp.find_spec(fullname) if _imp.is_builtin(fullname) else None
