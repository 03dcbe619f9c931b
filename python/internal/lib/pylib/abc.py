"""Abstract base classes."""

__all__ = ["ABC", "ABCMeta", "abstractmethod", "abstractclassmethod", "abstractstaticmethod",
           "abstractproperty", "get_cache_token", "update_abstractmethods"]


def abstractmethod(funcobj):
    """Mark a method as abstract: a class with one left cannot be instantiated."""
    funcobj.__isabstractmethod__ = True
    return funcobj


class abstractclassmethod(classmethod):
    """Deprecated: use classmethod with abstractmethod."""
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractstaticmethod(staticmethod):
    """Deprecated: use staticmethod with abstractmethod."""
    __isabstractmethod__ = True

    def __init__(self, callable):
        callable.__isabstractmethod__ = True
        super().__init__(callable)


class abstractproperty(property):
    """Deprecated: use property with abstractmethod."""
    __isabstractmethod__ = True


class _Token:
    # Counts register() calls: a negative answer remembered before the latest
    # one may be wrong now.
    count = 0


def get_cache_token():
    """A token that changes with every register() of any abstract base class."""
    return _Token.count


def _abstract_names(cls, namespace):
    names = {name for name, value in namespace.items() if getattr(value, "__isabstractmethod__", False)}
    for base in cls.__bases__:
        for name in getattr(base, "__abstractmethods__", ()):
            if getattr(getattr(cls, name, None), "__isabstractmethod__", False):
                names.add(name)
    return frozenset(names)


class _Data:
    __slots__ = ("registry", "yes", "no", "no_token")

    def __init__(self):
        self.registry = _WeakSet()
        self.yes = _WeakSet()
        self.no = _WeakSet()
        self.no_token = _Token.count


class _WeakSet:
    """A set of classes that does not keep them alive."""
    __slots__ = ("refs", "__weakref__")

    def __init__(self):
        self.refs = {}

    def add(self, cls):
        from _weakref import ref
        refs = self.refs
        key = id(cls)
        refs[key] = ref(cls, lambda _: refs.pop(key, None))

    def __contains__(self, cls):
        r = self.refs.get(id(cls))
        return r is not None and r() is cls

    def __iter__(self):
        for r in list(self.refs.values()):
            cls = r()
            if cls is not None:
                yield cls

    def clear(self):
        self.refs.clear()


class ABCMeta(type):
    """Metaclass of abstract base classes."""

    def __new__(mcls, name, bases, namespace, /, **kwargs):
        cls = super().__new__(mcls, name, bases, namespace, **kwargs)
        cls.__abstractmethods__ = _abstract_names(cls, namespace)
        cls._abc_impl = _Data()
        return cls

    def register(cls, subclass):
        """Make subclass a virtual subclass; returns it, so that it can be used as a decorator."""
        if not isinstance(subclass, type):
            raise TypeError("Can only register classes")
        if issubclass(subclass, cls):
            return subclass
        if issubclass(cls, subclass):
            raise RuntimeError("Refusing to create an inheritance cycle")
        cls._abc_impl.registry.add(subclass)
        _Token.count += 1
        return subclass

    def __instancecheck__(cls, instance):
        subclass = instance.__class__
        if subclass in cls._abc_impl.yes:
            return True
        subtype = type(instance)
        if subtype is subclass:
            return cls.__subclasscheck__(subclass)
        return cls.__subclasscheck__(subclass) or cls.__subclasscheck__(subtype)

    def __subclasscheck__(cls, subclass):
        if not isinstance(subclass, type):
            raise TypeError("issubclass() arg 1 must be a class")
        data = cls._abc_impl
        if subclass in data.yes:
            return True
        if data.no_token < _Token.count:
            data.no.clear()
            data.no_token = _Token.count
        elif subclass in data.no:
            return False
        if cls._abc_decide(subclass, data):
            data.yes.add(subclass)
            return True
        data.no.add(subclass)
        return False

    def _abc_decide(cls, subclass, data):
        ok = cls.__subclasshook__(subclass)
        if ok is not NotImplemented:
            if ok is not True and ok is not False:
                raise AssertionError("__subclasshook__ must return either False, True, or NotImplemented")
            return ok
        if cls in getattr(subclass, "__mro__", ()):
            return True
        for registered in data.registry:
            if issubclass(subclass, registered):
                return True
        for sub in cls.__subclasses__():
            if issubclass(subclass, sub):
                return True
        return False

    def _dump_registry(cls, file=None):
        print(f"Class: {cls.__module__}.{cls.__qualname__}", file=file)
        print(f"_abc_registry: {set(cls._abc_impl.registry)!r}", file=file)

    def _abc_registry_clear(cls):
        cls._abc_impl.registry.clear()

    def _abc_caches_clear(cls):
        cls._abc_impl.yes.clear()
        cls._abc_impl.no.clear()


def update_abstractmethods(cls):
    """Compute __abstractmethods__ again, after methods were added to a finished class."""
    if hasattr(cls, "__abstractmethods__"):
        cls.__abstractmethods__ = _abstract_names(cls, cls.__dict__)
    return cls


class ABC(metaclass=ABCMeta):
    """Helper class: a subclass of it is an abstract base class."""
    __slots__ = ()
