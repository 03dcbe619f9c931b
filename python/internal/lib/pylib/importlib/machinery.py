"""The machinery of importlib: finders, loaders, hooks."""

from importlib._bootstrap_external import (BYTECODE_SUFFIXES, EXTENSION_SUFFIXES, SOURCE_SUFFIXES, AppleFrameworkLoader,
                                           BuiltinImporter, ExtensionFileLoader, FileFinder, FrozenImporter, ModuleSpec, NamespaceLoader,
                                           PathFinder, SourceFileLoader, SourcelessFileLoader, WindowsRegistryFinder)

DEBUG_BYTECODE_SUFFIXES = BYTECODE_SUFFIXES
OPTIMIZED_BYTECODE_SUFFIXES = BYTECODE_SUFFIXES


def all_suffixes():
    """All recognised module suffixes."""
    return SOURCE_SUFFIXES + BYTECODE_SUFFIXES + EXTENSION_SUFFIXES
