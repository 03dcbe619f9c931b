"""Weak references: ref, proxy, WeakMethod, finalize and the weak containers."""

import _weakref
from _weakref import ref, getweakrefcount, getweakrefs
from _collections_abc import MutableMapping, MutableSet

ReferenceType = ref

__all__ = [
    "ref", "proxy", "getweakrefcount", "getweakrefs", "WeakKeyDictionary", "ReferenceType", "ProxyType",
    "CallableProxyType", "ProxyTypes", "WeakValueDictionary", "WeakSet", "WeakMethod", "finalize",
]


def _referent(p):
    o = object.__getattribute__(p, "_ref")()
    if o is None:
        raise ReferenceError("weakly-referenced object no longer exists")
    return o


class ProxyType:
    __slots__ = ("_ref", "__weakref__")

    def __init__(self, o, callback=None):
        cb = None
        if callback is not None:
            me = self

            def cb(_):
                callback(me)
        object.__setattr__(self, "_ref", ref(o, cb))

    def __getattribute__(self, name):
        return getattr(_referent(self), name)

    def __setattr__(self, name, value):
        setattr(_referent(self), name, value)

    def __delattr__(self, name):
        delattr(_referent(self), name)

    def __repr__(self):
        return repr(_referent(self))

    def __str__(self):
        return str(_referent(self))

    def __bool__(self):
        return bool(_referent(self))

    __hash__ = None


def _forward(name):
    def method(self, *args):
        return getattr(_referent(self), name)(*args)
    method.__name__ = name
    return method


for _n in ("len getitem setitem delitem iter next contains eq ne lt le gt ge add sub mul truediv floordiv mod pow "
           "radd rsub rmul and or xor neg pos abs invert int float index enter exit").split():
    setattr(ProxyType, "__" + _n + "__", _forward("__" + _n + "__"))
ProxyType.__hash__ = None


def _apply(function):
    return lambda self: function(_referent(self))


for _n, _f in (("len", len), ("iter", iter), ("next", next), ("int", int), ("float", float), ("abs", abs)):  # with their errors
    setattr(ProxyType, "__" + _n + "__", _apply(_f))


class CallableProxyType(ProxyType):
    __slots__ = ()

    def __call__(self, *args, **kwargs):
        return _referent(self)(*args, **kwargs)


ProxyTypes = (ProxyType, CallableProxyType)


def proxy(object, callback=None, /):
    """Create a proxy object that weakly references 'object'."""
    cls = CallableProxyType if callable(object) else ProxyType
    return cls(object, callback)


class WeakMethod(ref):
    """A weak reference to a bound method."""

    __slots__ = ("_func_ref", "_meth_type", "_alive", "__weakref__")

    def __new__(cls, meth, callback=None):
        try:
            obj, func = meth.__self__, meth.__func__
        except AttributeError:
            raise TypeError("argument should be a bound method, not {}".format(type(meth))) from None

        def gone(_):
            me = self_wr()
            if me is not None and me._alive:
                me._alive = False
                if callback is not None:
                    callback(me)
        self = ref.__new__(cls, obj, gone)
        self._func_ref = ref(func, gone)
        self._meth_type = type(meth)
        self._alive = True
        self_wr = ref(self)
        return self

    def __init__(self, meth, callback=None):
        pass

    def __call__(self):
        obj = ref.__call__(self)
        func = self._func_ref()
        if obj is None or func is None:
            return None
        return self._meth_type(func, obj)

    def __eq__(self, other):
        if not isinstance(other, WeakMethod):
            return NotImplemented
        if not self._alive or not other._alive:
            return self is other
        return ref.__eq__(self, other) and self._func_ref == other._func_ref

    __hash__ = ref.__hash__


class KeyedRef(ref):
    """A reference that knows the key of its entry."""

    __slots__ = ("key",)

    def __new__(cls, o, callback, key):
        self = ref.__new__(cls, o, callback)
        self.key = key
        return self

    def __init__(self, o, callback, key):
        pass


class WeakValueDictionary(MutableMapping):
    """Mapping whose entries vanish with their values."""

    def __init__(self, other=(), /, **kw):
        self.data = {}
        self.update(other, **kw)

    def _ref(self, key, value):
        me = ref(self)

        def remove(wr):
            d = me()
            if d is not None and d.data.get(wr.key) is wr:
                del d.data[wr.key]
        return KeyedRef(value, remove, key)

    def __getitem__(self, key):
        o = self.data[key]()
        if o is None:
            raise KeyError(key)
        return o

    def __setitem__(self, key, value):
        self.data[key] = self._ref(key, value)

    def __delitem__(self, key):
        del self.data[key]

    def __len__(self):
        return sum(1 for wr in list(self.data.values()) if wr() is not None)

    def __contains__(self, key):
        wr = self.data.get(key)
        return wr is not None and wr() is not None

    def __iter__(self):
        for k, wr in list(self.data.items()):
            if wr() is not None:
                yield k

    keys = __iter__

    def values(self):
        for wr in list(self.data.values()):
            o = wr()
            if o is not None:
                yield o

    def items(self):
        for k, wr in list(self.data.items()):
            o = wr()
            if o is not None:
                yield k, o

    def valuerefs(self):
        return list(self.data.values())

    def get(self, key, default=None):
        wr = self.data.get(key)
        o = wr() if wr is not None else None
        return default if o is None else o

    def copy(self):
        return type(self)(self.items())

    __copy__ = copy

    def __repr__(self):
        return "<%s at %#x>" % (self.__class__.__name__, id(self))


class WeakKeyDictionary(MutableMapping):
    """Mapping whose entries vanish with their keys."""

    def __init__(self, dict=None):
        self.data = {}
        me = ref(self)

        def remove(k):
            d = me()
            if d is not None:
                d.data.pop(k, None)
        self._remove = remove
        if dict is not None:
            self.update(dict)

    def __getitem__(self, key):
        return self.data[ref(key)]

    def __setitem__(self, key, value):
        self.data[ref(key, self._remove)] = value

    def __delitem__(self, key):
        del self.data[ref(key)]

    def __len__(self):
        return sum(1 for wr in list(self.data) if wr() is not None)

    def __contains__(self, key):
        try:
            return ref(key) in self.data
        except TypeError:
            return False

    def __iter__(self):
        for wr in list(self.data):
            o = wr()
            if o is not None:
                yield o

    keys = __iter__

    def items(self):
        for wr, v in list(self.data.items()):
            o = wr()
            if o is not None:
                yield o, v

    def values(self):
        for wr, v in list(self.data.items()):
            if wr() is not None:
                yield v

    def keyrefs(self):
        return list(self.data)

    def copy(self):
        return type(self)(self)

    def __repr__(self):
        return "<%s at %#x>" % (self.__class__.__name__, id(self))


class WeakSet(MutableSet):
    """Set that holds its elements weakly."""

    def __init__(self, data=None):
        self.data = set()
        me = ref(self)

        def remove(wr):
            s = me()
            if s is not None:
                s.data.discard(wr)
        self._remove = remove
        for x in data or ():
            self.add(x)

    def __iter__(self):
        for wr in list(self.data):
            o = wr()
            if o is not None:
                yield o

    def __len__(self):
        return sum(1 for wr in list(self.data) if wr() is not None)

    def __contains__(self, item):
        try:
            return ref(item) in self.data
        except TypeError:
            return False

    def add(self, item):
        self.data.add(ref(item, self._remove))

    def discard(self, item):
        self.data.discard(ref(item))

    def remove(self, item):
        self.data.remove(ref(item))

    def clear(self):
        self.data.clear()

    def copy(self):
        return type(self)(self)

    def update(self, other):
        for x in other:
            self.add(x)

    def union(self, other):
        s = self.copy()
        s.update(other)
        return s


class finalize:
    """Call a function when an object is gone, or at exit."""

    _registry = {}
    _hooked = False

    def __init__(self, obj, func, /, *args, **kwargs):
        if not finalize._hooked:
            import atexit
            atexit.register(finalize._exitfunc)
            finalize._hooked = True
        finalize._registry[id(self)] = (self, ref(obj, lambda _: self()), func, args, kwargs)
        self.atexit = True

    def __call__(self, _=None):
        info = finalize._registry.pop(id(self), None)
        if info is not None:
            return info[2](*info[3], **info[4])

    def _live(self):
        info = finalize._registry.get(id(self))
        return info, info and info[1]()

    def detach(self):
        info, obj = self._live()
        if obj is not None and finalize._registry.pop(id(self), None):
            return obj, info[2], info[3], info[4]

    def peek(self):
        info, obj = self._live()
        if obj is not None:
            return obj, info[2], info[3], info[4]

    @property
    def alive(self):
        return id(self) in finalize._registry

    @classmethod
    def _exitfunc(cls):
        for info in reversed(list(cls._registry.values())):
            if info[0].atexit:
                info[0]()
