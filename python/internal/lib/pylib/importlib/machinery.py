"""The machinery of importlib: finders, loaders, hooks."""

import sys as _sys
import _imp

ModuleSpec = _imp.ModuleSpec
SourceFileLoader = _imp.SourceFileLoader
SOURCE_SUFFIXES = [".py"]
BYTECODE_SUFFIXES = [".pyc"]
EXTENSION_SUFFIXES = []
DEBUG_BYTECODE_SUFFIXES = BYTECODE_SUFFIXES
OPTIMIZED_BYTECODE_SUFFIXES = BYTECODE_SUFFIXES


def all_suffixes():
    """All recognised module suffixes."""
    return SOURCE_SUFFIXES + BYTECODE_SUFFIXES + EXTENSION_SUFFIXES
