"""Classes generated from annotated attributes."""

import abc
import copy
import sys
import types
from reprlib import recursive_repr as _recursive_repr

__all__ = ["dataclass", "field", "Field", "FrozenInstanceError", "InitVar", "KW_ONLY", "MISSING", "fields", "asdict",
           "astuple", "make_dataclass", "replace", "is_dataclass"]


class FrozenInstanceError(AttributeError):
    pass


class _HAS_DEFAULT_FACTORY_CLASS:
    def __repr__(self):
        return "<factory>"


_HAS_DEFAULT_FACTORY = _HAS_DEFAULT_FACTORY_CLASS()


class _MISSING_TYPE:
    pass


MISSING = _MISSING_TYPE()


class _KW_ONLY_TYPE:
    pass


KW_ONLY = _KW_ONLY_TYPE()

_EMPTY_METADATA = types.MappingProxyType({})


class _FIELD_BASE:
    __slots__ = ("name",)

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name


_FIELD = _FIELD_BASE("_FIELD")
_FIELD_CLASSVAR = _FIELD_BASE("_FIELD_CLASSVAR")
_FIELD_INITVAR = _FIELD_BASE("_FIELD_INITVAR")

_FIELDS = "__dataclass_fields__"
_PARAMS = "__dataclass_params__"
_POST_INIT_NAME = "__post_init__"


class InitVar:
    """An argument of __init__ that is handed to __post_init__ and is no field."""
    __slots__ = ("type",)

    def __init__(self, type):
        self.type = type

    def __repr__(self):
        if isinstance(self.type, type) and not isinstance(self.type, types.GenericAlias):
            type_name = self.type.__name__
        else:
            type_name = repr(self.type)
        return f"dataclasses.InitVar[{type_name}]"

    def __class_getitem__(cls, type):
        return InitVar(type)


class Field:
    """One field of a dataclass; made by field() or by the decorator."""
    __slots__ = ("name", "type", "default", "default_factory", "repr", "hash", "init", "compare", "metadata", "kw_only",
                 "_field_type")

    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = _EMPTY_METADATA if metadata is None else types.MappingProxyType(metadata)
        self.kw_only = kw_only
        self._field_type = None

    @_recursive_repr()
    def __repr__(self):
        return ("Field("
                f"name={self.name!r},"
                f"type={self.type!r},"
                f"default={self.default!r},"
                f"default_factory={self.default_factory!r},"
                f"init={self.init!r},"
                f"repr={self.repr!r},"
                f"hash={self.hash!r},"
                f"compare={self.compare!r},"
                f"metadata={self.metadata!r},"
                f"kw_only={self.kw_only!r},"
                f"_field_type={self._field_type}"
                ")")

    def __set_name__(self, owner, name):
        func = getattr(type(self.default), "__set_name__", None)
        if func:
            func(self.default, owner, name)

    __class_getitem__ = classmethod(types.GenericAlias)


class _DataclassParams:
    __slots__ = ("init", "repr", "eq", "order", "unsafe_hash", "frozen", "match_args", "kw_only", "slots",
                 "weakref_slot")

    def __init__(self, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
        self.init = init
        self.repr = repr
        self.eq = eq
        self.order = order
        self.unsafe_hash = unsafe_hash
        self.frozen = frozen
        self.match_args = match_args
        self.kw_only = kw_only
        self.slots = slots
        self.weakref_slot = weakref_slot

    def __repr__(self):
        return "_DataclassParams(" + ",".join(f"{n}={getattr(self, n)!r}" for n in self.__slots__) + ")"


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None,
          kw_only=MISSING):
    """Return an object to identify dataclass fields."""
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


class _Source:
    """Collects the text of the generated methods, compiled together at the end."""

    def __init__(self, cls):
        self.cls = cls
        self.lines = []
        self.locals = {}
        self.names = []

    def add(self, name, params, body, *, locals=None, returns=MISSING):
        if locals is not None:
            self.locals.update(locals)
        annotation = ""
        if returns is not MISSING:
            self.locals[f"__dataclass_{name}_return_type__"] = returns
            annotation = f"->__dataclass_{name}_return_type__"
        self.names.append(name)
        self.lines.append(f" def {name}({','.join(params)}){annotation}:")
        self.lines.extend("  " + line for line in body)

    def functions(self):
        """The generated functions by name."""
        if not self.names:
            return {}
        module = sys.modules.get(self.cls.__module__)
        text = f"def __create_fn__({', '.join(self.locals)}):\n" + "\n".join(self.lines)
        text += f"\n return ({', '.join(self.names)},)"
        ns = {}
        exec(text, module.__dict__ if module is not None else {}, ns)
        made = ns["__create_fn__"](**self.locals)
        for fn in made:
            fn.__qualname__ = f"{self.cls.__qualname__}.{fn.__name__}"
        return dict(zip(self.names, made))


def _init_param(f):
    if f.default is MISSING and f.default_factory is MISSING:
        default = ""
    elif f.default is not MISSING:
        default = f"=__dataclass_dflt_{f.name}__"
    else:
        default = "=__dataclass_HAS_DEFAULT_FACTORY__"
    return f"{f.name}:__dataclass_type_{f.name}__{default}"


def _assignment(frozen, name, value, self_name):
    if frozen:
        return f"__dataclass_builtins_object__.__setattr__({self_name},{name!r},{value})"
    return f"{self_name}.{name}={value}"


def _init_line(f, frozen, self_name, slots):
    """The statement of __init__ for a field, or None."""
    default_name = f"__dataclass_dflt_{f.name}__"
    if f.default_factory is not MISSING:
        if f.init:
            value = f"{default_name}() if {f.name} is __dataclass_HAS_DEFAULT_FACTORY__ else {f.name}"
        else:
            value = f"{default_name}()"
    elif f.init:
        value = f.name
    elif slots and f.default is not MISSING:
        value = default_name
    else:
        return None
    if f._field_type is _FIELD_INITVAR:
        return None
    return _assignment(frozen, f.name, value, self_name)


def _add_init(source, std_fields, kw_only_fields, frozen, has_post_init, self_name, slots):
    seen_default = None
    for f in std_fields:
        if f.init:
            if not (f.default is MISSING and f.default_factory is MISSING):
                seen_default = f
            elif seen_default:
                raise TypeError(f"non-default argument {f.name!r} follows default argument {seen_default.name!r}")
    all_fields = std_fields + kw_only_fields
    locals = {f"__dataclass_type_{f.name}__": f.type for f in all_fields}
    locals["__dataclass_HAS_DEFAULT_FACTORY__"] = _HAS_DEFAULT_FACTORY
    locals["__dataclass_builtins_object__"] = object
    body = []
    for f in all_fields:
        if f.default is not MISSING:
            locals[f"__dataclass_dflt_{f.name}__"] = f.default
        elif f.default_factory is not MISSING:
            locals[f"__dataclass_dflt_{f.name}__"] = f.default_factory
        line = _init_line(f, frozen, self_name, slots)
        if line:
            body.append(line)
    if has_post_init:
        params = ",".join(f.name for f in all_fields if f._field_type is _FIELD_INITVAR)
        body.append(f"{self_name}.{_POST_INIT_NAME}({params})")
    params = [self_name] + [_init_param(f) for f in std_fields if f.init]
    kw = [_init_param(f) for f in kw_only_fields if f.init]
    if kw:
        params += ["*"] + kw
    source.add("__init__", params, body or ["pass"], locals=locals, returns=None)


def _tuple_str(obj_name, fields):
    if not fields:
        return "()"
    return f"({','.join([f'{obj_name}.{f.name}' for f in fields])},)"


def _add_frozen(source, cls, fields):
    condition = "type(self) is cls"
    if fields:
        condition += " or name in {" + ", ".join(repr(f.name) for f in fields) + "}"
    locals = {"cls": cls, "FrozenInstanceError": FrozenInstanceError}
    source.add("__setattr__", ["self", "name", "value"],
               [f"if {condition}:", " raise FrozenInstanceError(f\"cannot assign to field {name!r}\")",
                "super(cls, self).__setattr__(name, value)"], locals=locals)
    source.add("__delattr__", ["self", "name"],
               [f"if {condition}:", " raise FrozenInstanceError(f\"cannot delete field {name!r}\")",
                "super(cls, self).__delattr__(name)"], locals=locals)


def _is_classvar(a_type, typing):
    return a_type is typing.ClassVar or getattr(a_type, "__origin__", None) is typing.ClassVar


def _is_initvar(a_type):
    return a_type is InitVar or type(a_type) is InitVar


def _is_kw_only(a_type):
    return a_type is KW_ONLY


def _string_means(annotation, cls, test):
    """Whether a string annotation begins with a name (or module.name) that passes the test."""
    text = annotation.strip()
    end = 0
    while end < len(text) and (text[end].isalnum() or text[end] in "_."):
        end += 1
    name = text[:end]
    if not name:
        return False
    module = sys.modules.get(cls.__module__)
    ns = module.__dict__ if module else {}
    first, _, rest = name.partition(".")
    value = ns.get(first)
    if rest:
        if not isinstance(value, types.ModuleType):
            return False
        value = value.__dict__.get(rest)
    return value is not None and test(value)


def _annotated(annotation, cls, test):
    return test(annotation) or isinstance(annotation, str) and _string_means(annotation, cls, test)


def _get_field(cls, a_name, a_type, default_kw_only):
    default = getattr(cls, a_name, MISSING)
    if isinstance(default, Field):
        f = default
    else:
        if isinstance(default, types.MemberDescriptorType):
            default = MISSING  # a field in __slots__ has no default
        f = field(default=default)
    f.name = a_name
    f.type = a_type
    f._field_type = _FIELD
    typing = sys.modules.get("typing")
    if typing and _annotated(a_type, cls, lambda t: _is_classvar(t, typing)):
        f._field_type = _FIELD_CLASSVAR
    if f._field_type is _FIELD and _annotated(a_type, cls, _is_initvar):
        f._field_type = _FIELD_INITVAR
    if f._field_type in (_FIELD_CLASSVAR, _FIELD_INITVAR) and f.default_factory is not MISSING:
        raise TypeError(f"field {f.name} cannot have a default factory")
    if f._field_type in (_FIELD, _FIELD_INITVAR):
        if f.kw_only is MISSING:
            f.kw_only = default_kw_only
    elif f.kw_only is not MISSING:
        raise TypeError(f"field {f.name} is a ClassVar but specifies kw_only")
    if f._field_type is _FIELD and f.default.__class__.__hash__ is None:
        raise ValueError(f"mutable default {type(f.default)} for field {f.name} is not allowed: use default_factory")
    return f


def _set_new_attribute(cls, name, value):
    if name in cls.__dict__:
        return True
    setattr(cls, name, value)
    return False


def _hash_action(cls, source, unsafe_hash, eq, frozen, has_explicit_hash, fields):
    """Apply the table of the library reference (dataclass, unsafe_hash)."""
    if unsafe_hash:
        if has_explicit_hash:
            raise TypeError(f"Cannot overwrite attribute __hash__ in class {cls.__name__}")
    elif not eq or has_explicit_hash:
        return
    elif not frozen:
        cls.__hash__ = None
        return
    hashed = [f for f in fields if (f.compare if f.hash is None else f.hash)]
    source.add("__hash__", ["self"], [f"return hash({_tuple_str('self', hashed)})"])


def _process_class(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots, weakref_slot):
    fields = {}
    setattr(cls, _PARAMS, _DataclassParams(init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots,
                                           weakref_slot))
    any_frozen_base = False
    all_frozen_bases = None
    has_dataclass_bases = False
    for b in cls.__mro__[-1:0:-1]:
        base_fields = getattr(b, _FIELDS, None)
        if base_fields is not None:
            has_dataclass_bases = True
            if all_frozen_bases is None:
                all_frozen_bases = True
            for f in base_fields.values():
                fields[f.name] = f
            if getattr(b, _PARAMS, None) is not None:
                current = getattr(b, _PARAMS).frozen
                all_frozen_bases = all_frozen_bases and current
                any_frozen_base = any_frozen_base or current
    own, kw_seen = [], False
    default_kw_only = kw_only
    for name, a_type in cls.__dict__.get("__annotations__", {}).items():
        if _annotated(a_type, cls, _is_kw_only):
            if kw_seen:
                raise TypeError(f"{name!r} is KW_ONLY, but KW_ONLY has already been specified")
            kw_seen = default_kw_only = True
        else:
            own.append(_get_field(cls, name, a_type, default_kw_only))
    for f in own:
        fields[f.name] = f
        if isinstance(getattr(cls, f.name, None), Field):
            if f.default is MISSING:
                delattr(cls, f.name)
            else:
                setattr(cls, f.name, f.default)
    annotations = cls.__dict__.get("__annotations__", {})
    for name, value in cls.__dict__.items():
        if isinstance(value, Field) and name not in annotations:
            raise TypeError(f"{name!r} is a field but has no type annotation")
    if has_dataclass_bases:
        if any_frozen_base and not frozen:
            raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
        if all_frozen_bases is False and frozen:
            raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
    setattr(cls, _FIELDS, fields)
    class_hash = cls.__dict__.get("__hash__", MISSING)
    has_explicit_hash = not (class_hash is MISSING or (class_hash is None and "__eq__" in cls.__dict__))
    if order and not eq:
        raise ValueError("eq must be true if order is true")
    every = [f for f in fields.values() if f._field_type in (_FIELD, _FIELD_INITVAR)]
    std_fields = [f for f in every if not f.kw_only]
    kw_fields = [f for f in every if f.kw_only]
    real = [f for f in fields.values() if f._field_type is _FIELD]
    source = _Source(cls)
    if init:
        self_name = "__dataclass_self__" if "self" in fields else "self"
        _add_init(source, std_fields, kw_fields, frozen, hasattr(cls, _POST_INIT_NAME), self_name, slots)
    _set_new_attribute(cls, "__replace__", _replace)
    if repr:
        shown = [f for f in real if f.repr]
        text = ", ".join(f"{f.name}={{self.{f.name}!r}}" for f in shown)
        source.add("__repr__", ["self"], ['return f"{self.__class__.__qualname__}(' + text + ')"'])
    if eq:
        compared = [f for f in real if f.compare]
        terms = " and ".join(f"self.{f.name}==other.{f.name}" for f in compared) or "True"
        source.add("__eq__", ["self", "other"], ["if self is other:", " return True",
                                                 "if other.__class__ is self.__class__:", f" return {terms}",
                                                 "return NotImplemented"])
    if order:
        compared = [f for f in real if f.compare]
        for name, op in (("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">=")):
            if name in cls.__dict__:
                raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}. "
                                f"Consider using functools.total_ordering")
            source.add(name, ["self", "other"], [
                "if other.__class__ is self.__class__:",
                f" return {_tuple_str('self', compared)}{op}{_tuple_str('other', compared)}",
                "return NotImplemented"])
    if frozen:
        for name in ("__setattr__", "__delattr__"):
            if name in cls.__dict__:
                raise TypeError(f"Cannot overwrite attribute {name} in class {cls.__name__}")
        _add_frozen(source, cls, real)
    _hash_action(cls, source, unsafe_hash, eq, frozen, has_explicit_hash, real)
    for name, fn in source.functions().items():
        if name == "__repr__":
            fn = _recursive_repr()(fn)
            fn.__qualname__ = f"{cls.__qualname__}.__repr__"
        if name == "__hash__":
            cls.__hash__ = fn
        else:
            _set_new_attribute(cls, name, fn)
    if not getattr(cls, "__doc__"):
        cls.__doc__ = cls.__name__ + _signature_text(std_fields, kw_fields)
    if match_args:
        _set_new_attribute(cls, "__match_args__", tuple(f.name for f in std_fields if f.init))
    if slots:
        cls = _add_slots(cls, frozen, weakref_slot)
    elif weakref_slot:
        raise TypeError("weakref_slot is True but slots is False")
    abc.update_abstractmethods(cls)
    return cls


def _annotation_text(a_type):
    if isinstance(a_type, type) and not isinstance(a_type, types.GenericAlias):
        if a_type.__module__ == "builtins":
            return a_type.__qualname__
        return f"{a_type.__module__}.{a_type.__qualname__}"
    return repr(a_type)


def _signature_text(std_fields, kw_fields):
    def one(f):
        text = f"{f.name}: {_annotation_text(f.type)}"
        if f.default is not MISSING:
            text += f" = {f.default!r}"
        elif f.default_factory is not MISSING:
            text += " = <factory>"
        return text
    parts = [one(f) for f in std_fields if f.init]
    kw = [one(f) for f in kw_fields if f.init]
    if kw:
        parts += ["*"] + kw
    return f"({', '.join(parts)})"


def _dataclass_getstate(self):
    return [getattr(self, f.name) for f in fields(self)]


def _dataclass_setstate(self, state):
    for f, value in zip(fields(self), state):
        object.__setattr__(self, f.name, value)


def _slots_of(cls):
    slots = cls.__dict__.get("__slots__")
    if slots is None:
        found = []
        if getattr(cls, "__weakrefoffset__", -1) != 0:
            found.append("__weakref__")
        if getattr(cls, "__dictoffset__", -1) != 0:
            found.append("__dict__")
        return found
    if isinstance(slots, str):
        return [slots]
    if not hasattr(slots, "__next__"):
        return list(slots)
    raise TypeError(f"Slots of '{cls.__name__}' cannot be determined")


def _update_func_cell(f, oldcls, newcls):
    """Point the __class__ cell of a method at the new class."""
    if f is None:
        return False
    if isinstance(f, types.FunctionType) and f.__closure__ and "__class__" in f.__code__.co_freevars:
        cell = f.__closure__[f.__code__.co_freevars.index("__class__")]
        if cell.cell_contents is oldcls:
            cell.cell_contents = newcls
            return True
    return False


def _add_slots(cls, is_frozen, weakref_slot):
    """A class cannot get slots after the fact: make it anew."""
    if "__slots__" in cls.__dict__:
        raise TypeError(f"{cls.__name__} already specifies __slots__")
    cls_dict = dict(cls.__dict__)
    field_names = tuple(f.name for f in fields(cls))
    inherited = {s for c in cls.__mro__[1:-1] for s in _slots_of(c)}
    slots = tuple(n for n in field_names if n not in inherited)
    if weakref_slot and "__weakref__" not in inherited:
        slots += ("__weakref__",)
    cls_dict["__slots__"] = slots
    for name in field_names:
        cls_dict.pop(name, None)
    cls_dict.pop("__dict__", None)
    cls_dict.pop("__weakref__", None)
    qualname = getattr(cls, "__qualname__", None)
    newcls = type(cls)(cls.__name__, cls.__bases__, cls_dict)
    if qualname is not None:
        newcls.__qualname__ = qualname
    if is_frozen:
        if "__getstate__" not in cls_dict:
            newcls.__getstate__ = _dataclass_getstate
        if "__setstate__" not in cls_dict:
            newcls.__setstate__ = _dataclass_setstate
    for member in newcls.__dict__.values():
        member = getattr(member, "__wrapped__", member)
        if isinstance(member, property):
            candidates = (member.fget, member.fset, member.fdel)
        elif isinstance(member, (staticmethod, classmethod)):
            candidates = (member.__func__,)
        else:
            candidates = (member,)
        if any(_update_func_cell(f, cls, newcls) for f in candidates):
            break
    return newcls


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False,
              match_args=True, kw_only=False, slots=False, weakref_slot=False):
    """Add dunder methods based on the fields defined in the class."""
    def wrap(cls):
        return _process_class(cls, init, repr, eq, order, unsafe_hash, frozen, match_args, kw_only, slots,
                              weakref_slot)
    if cls is None:
        return wrap
    return wrap(cls)


def fields(class_or_instance):
    """Return a tuple describing the fields of this dataclass."""
    try:
        found = getattr(class_or_instance, _FIELDS)
    except AttributeError:
        raise TypeError("must be called with a dataclass type or instance") from None
    return tuple(f for f in found.values() if f._field_type is _FIELD)


def _is_dataclass_instance(obj):
    return hasattr(type(obj), _FIELDS)


def is_dataclass(obj):
    """Returns True if obj is a dataclass or an instance of a dataclass."""
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, _FIELDS)


def asdict(obj, *, dict_factory=dict):
    """Return the fields of a dataclass instance as a new dictionary mapping field names to field values."""
    if not _is_dataclass_instance(obj):
        raise TypeError("asdict() should be called on dataclass instances")
    return _converted(obj, lambda pairs: dict_factory(pairs), dict_factory)


def astuple(obj, *, tuple_factory=tuple):
    """Return the fields of a dataclass instance as a new tuple of field values."""
    if not _is_dataclass_instance(obj):
        raise TypeError("astuple() should be called on dataclass instances")
    return _converted(obj, lambda pairs: tuple_factory([v for _, v in pairs]), None)


def _converted(obj, make, dict_factory):
    """A copy in which dataclass instances are replaced by make([(name, value), ...])."""
    cls = type(obj)
    if hasattr(cls, _FIELDS):
        return make([(f.name, _converted(getattr(obj, f.name), make, dict_factory)) for f in fields(obj)])
    if issubclass(cls, tuple):
        items = [_converted(v, make, dict_factory) for v in obj]
        return cls(*items) if hasattr(cls, "_fields") else cls(items)
    if issubclass(cls, list):
        return cls([_converted(v, make, dict_factory) for v in obj])
    if issubclass(cls, dict):
        pairs = [(_converted(k, make, dict_factory), _converted(v, make, dict_factory)) for k, v in obj.items()]
        if hasattr(cls, "default_factory"):
            result = cls(obj.default_factory)
            for k, v in pairs:
                result[k] = v
            return result
        return cls(pairs)
    return copy.deepcopy(obj)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, init=True, repr=True, eq=True, order=False,
                   unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False,
                   module=None):
    """Return a new dynamically created dataclass."""
    if namespace is None:
        namespace = {}
    seen = set()
    annotations, defaults = {}, {}
    for item in fields:
        if isinstance(item, str):
            name, tp = item, "typing.Any"
        elif len(item) == 2:
            name, tp = item
        elif len(item) == 3:
            name, tp, spec = item
            defaults[name] = spec
        else:
            raise TypeError(f"Invalid field: {item!r}")
        if not isinstance(name, str) or not name.isidentifier():
            raise TypeError(f"Field names must be valid identifiers: {name!r}")
        if _is_keyword(name):
            raise TypeError(f"Field names must not be keywords: {name!r}")
        if name in seen:
            raise TypeError(f"Field name duplicated: {name!r}")
        seen.add(name)
        annotations[name] = tp

    def exec_body(ns):
        ns.update(namespace)
        ns.update(defaults)
        ns["__annotations__"] = annotations

    cls = types.new_class(cls_name, bases, {}, exec_body)
    if module is None:
        try:
            module = sys._getframe(1).f_globals.get("__name__", "__main__")
        except (AttributeError, ValueError):
            pass
    if module is not None:
        cls.__module__ = module
    return dataclass(cls, init=init, repr=repr, eq=eq, order=order, unsafe_hash=unsafe_hash, frozen=frozen,
                     match_args=match_args, kw_only=kw_only, slots=slots, weakref_slot=weakref_slot)


def _is_keyword(name):
    from keyword import iskeyword
    return iskeyword(name)


def replace(obj, /, **changes):
    """Return a new object replacing specified fields with new values."""
    if not _is_dataclass_instance(obj):
        raise TypeError("replace() should be called on dataclass instances")
    return _replace(obj, **changes)


def _replace(self, /, **changes):
    for f in getattr(self, _FIELDS).values():
        if f._field_type is _FIELD_CLASSVAR:
            continue
        if not f.init:
            if f.name in changes:
                raise TypeError(f"field {f.name} is declared with init=False, it cannot be specified with replace()")
            continue
        if f.name not in changes:
            if f._field_type is _FIELD_INITVAR and f.default is MISSING:
                raise TypeError(f"InitVar {f.name!r} must be specified with replace()")
            changes[f.name] = getattr(self, f.name)
    return self.__class__(**changes)
