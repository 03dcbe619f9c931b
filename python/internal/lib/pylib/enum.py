"""Enumerations."""

import sys
from types import MappingProxyType, DynamicClassAttribute
import builtins as _builtins

__all__ = ["EnumType", "EnumMeta", "EnumDict", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum", "auto",
           "unique", "property", "verify", "member", "nonmember", "FlagBoundary", "STRICT", "CONFORM", "EJECT", "KEEP",
           "global_flag_repr", "global_enum_repr", "global_str", "global_enum", "EnumCheck", "CONTINUOUS",
           "NAMED_FLAGS", "UNIQUE", "pickle_by_global_name", "pickle_by_enum_name"]

Enum = Flag = ReprEnum = EJECT = STRICT = CONFORM = KEEP = None  # while this module is being executed


class nonmember(object):
    """Protects a value in an enum's body from becoming a member."""

    def __init__(self, value):
        self.value = value


class member(object):
    """Makes a value in an enum's body a member, also where it would not be one."""

    def __init__(self, value):
        self.value = value


def _is_descriptor(obj):
    return hasattr(obj, "__get__") or hasattr(obj, "__set__") or hasattr(obj, "__delete__")


def _is_dunder(name):
    return len(name) > 4 and name[:2] == name[-2:] == "__" and name[2] != "_" and name[-3] != "_"


def _is_sunder(name):
    return len(name) > 2 and name[0] == name[-1] == "_" and name[1] != "_" and name[-2] != "_"


def _is_internal_class(cls_name, obj):
    """True for a class nested in the body of the enum named cls_name."""
    if not isinstance(obj, type):
        return False
    qualname = getattr(obj, "__qualname__", "")
    return qualname == cls_name + "." + getattr(obj, "__name__", "") or qualname.endswith(
        "." + cls_name + "." + getattr(obj, "__name__", ""))


def _is_private(cls_name, name):
    pattern = "_%s__" % cls_name
    return (len(name) > len(pattern) and name.startswith(pattern) and name[len(pattern)] != "_"
            and (name[-1] != "_" or name[-2] != "_"))


def _is_single_bit(num):
    return num > 0 and num & (num - 1) == 0


def _bits_of(num):
    while num:
        b = num & (~num + 1)
        yield b
        num ^= b


def bin(num, max_bits=None):
    """Like built-in bin(), except negative values are represented in two's-complement, and the leading bit always
    indicates sign (0=positive, 1=negative)."""
    ceiling = 2 ** num.bit_length()
    if num >= 0:
        s = _builtins.bin(num + ceiling).replace("1", "0", 1)
    else:
        s = _builtins.bin(~num ^ (ceiling - 1) + ceiling)
    sign = s[:3]
    digits = s[3:]
    if max_bits is not None and len(digits) < max_bits:
        digits = (sign[-1] * max_bits + digits)[-max_bits:]
    return "%s %s" % (sign, digits)


_auto_null = object()


class auto:
    """Instances are replaced with an appropriate value in Enum class suites."""

    def __init__(self, value=_auto_null):
        self.value = value

    def __repr__(self):
        return "auto(%r)" % self.value


class property(DynamicClassAttribute):
    """A property of the members; a member of the same name is found through the class."""

    member = None
    _attr_type = None
    _cls_type = None

    def __get__(self, instance, ownerclass=None):
        if instance is None:
            if self.member is not None:
                return self.member
            raise AttributeError("%r has no attribute %r" % (ownerclass, self.name))
        if self.fget is not None:
            return self.fget(instance)
        if self._attr_type == "attr":
            return getattr(self._cls_type, self.name)
        try:
            return instance.__dict__[self.name]
        except KeyError:
            pass
        if self.member is not None:
            return self.member
        raise AttributeError("%r has no attribute %r" % (ownerclass, self.name))

    def __set__(self, instance, value):
        if self.fset is not None:
            return self.fset(instance, value)
        raise AttributeError("<enum %r> cannot set attribute %r" % (self.clsname, self.name))

    def __delete__(self, instance):
        if self.fdel is not None:
            return self.fdel(instance)
        raise AttributeError("<enum %r> cannot delete attribute %r" % (self.clsname, self.name))

    def __set_name__(self, ownerclass, name):
        self.name = name
        self.clsname = ownerclass.__name__


class EnumDict(dict):
    """The namespace of an enum's body: notes the members in order, and refuses a name used twice."""

    def __init__(self, cls_name=None):
        super().__init__()
        self._member_names = {}
        self._last_values = []
        self._ignore = []
        self._auto_called = False
        self._cls_name = cls_name
        self._generate_next_value = None

    def __setitem__(self, key, value):
        if self._cls_name is not None and _is_private(self._cls_name, key):
            pass
        elif _is_sunder(key):
            if Enum is not None and key not in ("_order_", "_generate_next_value_", "_numeric_repr_", "_missing_", "_ignore_",
                           "_iter_member_", "_iter_member_by_value_", "_iter_member_by_def_", "_add_alias_",
                           "_add_value_alias_", "_use_args_", "_member_type_", "_value_repr_"):
                raise ValueError("_sunder_ names, such as %r, are reserved for future Enum use" % (key,))
            if key == "_generate_next_value_":
                if self._auto_called:
                    raise TypeError("_generate_next_value_ must be defined before members")
                self._generate_next_value = value.__func__ if isinstance(value, staticmethod) else value
            elif key == "_ignore_":
                if isinstance(value, str):
                    value = value.replace(",", " ").split()
                else:
                    value = list(value)
                self._ignore = value
                already = set(value) & set(self._member_names)
                if already:
                    raise ValueError("_ignore_ cannot specify already set names: %r" % (already,))
        elif _is_dunder(key):
            if key == "__order__":
                key = "_order_"
        elif key in self._member_names:
            raise TypeError("%r already defined as %r" % (key, self[key]))
        elif key in self._ignore:
            pass
        elif isinstance(value, nonmember):
            value = value.value
        elif _is_descriptor(value) and not isinstance(value, member):
            pass
        elif self._cls_name is not None and _is_internal_class(self._cls_name, value):
            pass
        else:
            if key in self:
                raise TypeError("%r already defined as %r" % (key, self[key]))
            if isinstance(value, member):
                value = value.value
            value = self._resolve_autos(key, value)
            self._member_names[key] = None
            self._last_values.append(value)
        super().__setitem__(key, value)

    def _resolve_autos(self, key, value):
        if isinstance(value, auto):
            single, items, wrap = True, (value,), None
        elif type(value) is tuple or isinstance(value, tuple) and any(isinstance(v, auto) for v in value):
            single, items, wrap = False, value, type(value)
        else:
            return value
        out, found = [], False
        for v in items:
            if isinstance(v, auto):
                found = True
                if v.value is _auto_null:
                    v.value = self._generate_next_value(key, 1, len(self._member_names), self._last_values[:])
                    self._auto_called = True
                v = v.value
            out.append(v)
        if single:
            return out[0]
        if not found:
            return value
        try:
            return wrap(out)
        except TypeError:
            return wrap(*out)

    @_builtins.property
    def member_names(self):
        return list(self._member_names)

    def update(self, members, *more_members):
        try:
            for name in members.keys():
                self[name] = members[name]
        except AttributeError:
            for name, value in members:
                self[name] = value
        for name, value in more_members:
            self[name] = value


_EnumDict = EnumDict


def _find_data_type(class_name, bases):
    """The type that is mixed in, as int in IntEnum, or object; and the enum that is extended."""
    if not bases:
        return object, Enum
    first_enum = bases[-1]
    if not isinstance(first_enum, EnumType):
        raise TypeError("new enumerations should be created as `EnumName([mixin_type, ...] [data_type,] enum_type)`")
    types = []
    for chain in bases:
        candidate = None
        for base in chain.__mro__:
            if base is object:
                continue
            if isinstance(base, EnumType):
                if base._member_type_ is not object:
                    if base._member_type_ not in types:
                        types.append(base._member_type_)
                    break
            elif "__new__" in base.__dict__ or "__dataclass_fields__" in base.__dict__:
                found = candidate or base
                if found not in types:
                    types.append(found)
                break
            else:
                candidate = candidate or base
    if len(types) > 1:
        raise TypeError("too many data types for %r: %r" % (class_name, set(types)))
    return (types[0] if types else object), first_enum


def _find_data_repr(bases):
    for chain in bases:
        for base in chain.__mro__:
            if base is object:
                continue
            if isinstance(base, EnumType):
                return base._value_repr_
            if "__repr__" in base.__dict__:
                if ("__dataclass_fields__" in base.__dict__ and "__dataclass_params__" in base.__dict__
                        and base.__dict__["__dataclass_params__"].repr):
                    return _dataclass_repr
                return base.__dict__["__repr__"]
    return None


def _dataclass_repr(self):
    fields = self.__dataclass_fields__
    return ", ".join(["%s=%r" % (k, getattr(self, k)) for k in fields if fields[k].repr])


def _find_new(namespace, member_type, first_enum):
    """The __new__ that makes members, whether to keep it as __new_member__, and whether it takes the value's parts."""
    new = namespace.get("__new__")
    save_new = first_enum is not None and new is not None
    if new is None:
        for method in ("__new_member__", "__new__"):
            for possible in (member_type, first_enum):
                target = getattr(possible, method, None)
                if target not in {None, None.__new__, object.__new__, Enum.__new__ if Enum else None}:
                    new = target
                    break
            if new is not None:
                break
        else:
            new = object.__new__
    if isinstance(new, staticmethod):
        new = new.__func__
    use_args = not (first_enum is None or new in ((Enum.__new__ if Enum else None), object.__new__))
    return new, save_new, use_args


class EnumType(type):
    """Metaclass for Enum."""

    @classmethod
    def __prepare__(metacls, cls, bases, **kwds):
        metacls._check_for_existing_members_(cls, bases)
        namespace = EnumDict(cls)
        member_type, first_enum = _find_data_type(cls, bases)
        if first_enum is not None:
            namespace["_generate_next_value_"] = getattr(first_enum, "_generate_next_value_", None)
        return namespace

    @staticmethod
    def _check_for_existing_members_(class_name, bases):
        for chain in bases:
            for base in chain.__mro__:
                if isinstance(base, EnumType) and base._member_names_:
                    raise TypeError("<enum %r> cannot extend %r" % (class_name, base))

    def __new__(metacls, cls, bases, classdict, *, boundary=None, _simple=False, **kwds):
        if not isinstance(classdict, EnumDict):
            plain, classdict = classdict, EnumDict(cls)
            classdict["_generate_next_value_"] = Enum._generate_next_value_ if Enum else None
            classdict.update(plain)
        ignore = dict.get(classdict, "_ignore_", [])
        for key in list(ignore) + ["_ignore_"]:
            classdict.pop(key, None)
        member_names = list(classdict._member_names)
        for name in member_names:
            if name in ("mro", ""):
                raise ValueError("invalid enum member name(s) %s" % ",".join(repr(n) for n in [name]))
        order = classdict.pop("_order_", None)
        member_type, first_enum = _find_data_type(cls, bases)
        new, save_new, use_args = _find_new(classdict, member_type, first_enum)
        values = {name: classdict.pop(name) for name in member_names}
        namespace = dict(classdict)
        namespace.setdefault("_value_repr_", _find_data_repr(bases))
        namespace.update(
            _new_member_=new, _use_args_=use_args, _member_names_=[], _member_map_={}, _value2member_map_={},
            _unhashable_values_=[], _unhashable_values_map_={}, _hashable_values_=[], _member_type_=member_type,
            _boundary_=boundary or getattr(first_enum, "_boundary_", None), _flag_mask_=0, _singles_mask_=0,
            _all_bits_=0, _inverted_=None)
        if save_new and "__new__" in namespace:
            namespace["__new_member__"] = namespace["__new__"]
        enum_class = super().__new__(metacls, cls, bases, namespace, **kwds)
        if Enum is not None:
            metacls._complete(enum_class, classdict, values, member_type, first_enum, new, save_new)
        if order is not None:
            if isinstance(order, str):
                order = order.replace(",", " ").split()
            names = enum_class._member_names_
            expected = [o for o in order if o not in enum_class._member_map_ or o in names]
            if Flag is not None and issubclass(enum_class, Flag):
                expected = [o for o in expected if o in names]
                expected.sort(key=lambda n: enum_class._member_map_[n]._value_)
                names = sorted(names, key=lambda n: enum_class._member_map_[n]._value_)
            if names != expected:
                raise TypeError("member order does not match _order_:\n  %r\n  %r" % (names, expected))
        return enum_class

    @staticmethod
    def _complete(enum_class, classdict, values, member_type, first_enum, new, save_new):
        """Give a new class its special methods and make its members."""
        own = set(classdict)
        if ReprEnum is not None and ReprEnum in enum_class.__bases__:
            own |= {"__format__", "__str__"}
            if "__format__" not in classdict:
                enum_class.__format__ = member_type.__format__
            if "__str__" not in classdict:
                method = member_type.__str__
                if method is object.__str__:
                    method = member_type.__repr__
                enum_class.__str__ = method
        for name in ("__repr__", "__str__", "__format__", "__reduce_ex__"):
            if name not in own:
                enum_method = getattr(first_enum, name)
                found = getattr(enum_class, name)
                object_method = getattr(object, name)
                data_method = getattr(member_type, name)
                if found in (data_method, object_method):
                    setattr(enum_class, name, enum_method)
        is_flag = Flag is not None and issubclass(enum_class, Flag)
        if is_flag:
            for name in ("__or__", "__and__", "__xor__", "__ror__", "__rand__", "__rxor__", "__invert__"):
                if name not in classdict:
                    setattr(enum_class, name, getattr(Flag, name))
        for name, value in values.items():
            EnumType._make_member(enum_class, name, value, new, is_flag)
        if is_flag:
            single, multi = 0, 0
            for m in enum_class._member_map_.values():
                if _is_single_bit(m._value_):
                    single |= m._value_
                else:
                    multi |= m._value_
            enum_class._flag_mask_ = single | multi
            enum_class._singles_mask_ = single
            enum_class._all_bits_ = 2 ** (single | multi).bit_length() - 1
            ordered = [m._value_ for m in enum_class._member_map_.values() if m._name_ in enum_class._member_names_]
            if sorted(ordered) != ordered:
                enum_class._iter_member_ = enum_class._iter_member_by_def_
        if save_new:
            enum_class.__new__ = Enum.__new__
        elif Enum is not None:
            enum_class.__new__ = Enum.__new__

    @staticmethod
    def _make_member(enum_class, name, value, new, is_flag):
        args = value if isinstance(value, tuple) else (value,)
        if enum_class._member_type_ is tuple:
            args = (args,)
        if not enum_class._use_args_:
            enum_member = new(enum_class)
        else:
            enum_member = new(enum_class, *args)
        if not hasattr(enum_member, "_value_"):
            if enum_class._member_type_ is object:
                enum_member._value_ = value
            else:
                try:
                    enum_member._value_ = enum_class._member_type_(*args)
                except Exception as exc:
                    new_exc = TypeError("_value_ not set in __new__, unable to create it")
                    raise new_exc from exc
        value = enum_member._value_
        enum_member._name_ = name
        enum_member.__objclass__ = enum_class
        enum_member.__init__(*args)
        enum_member._sort_order_ = len(enum_class._member_names_)
        canonical = EnumType._known(enum_class, value)
        if canonical is not None:
            enum_member = canonical
        elif not is_flag or _is_single_bit(value) if isinstance(value, int) else True:
            enum_class._member_names_.append(name)
        enum_member._add_member_(name)
        if canonical is None:
            try:
                enum_class._value2member_map_.setdefault(value, enum_member)
                enum_class._hashable_values_.append(value)
            except TypeError:
                enum_class._unhashable_values_.append(value)
                enum_class._unhashable_values_map_.setdefault(name, []).append(value)

    @staticmethod
    def _known(enum_class, value):
        try:
            return enum_class._value2member_map_.get(value)
        except TypeError:
            for m in enum_class._member_map_.values():
                if m._value_ == value:
                    return m
        return None

    def __bool__(cls):
        return True

    def __call__(cls, value=_auto_null, names=_auto_null, *values, module=None, qualname=None, type=None, start=1,
                 boundary=None):
        if cls._member_map_:
            if names is not _auto_null:
                value = (value, names) + values
            elif value is _auto_null:
                raise TypeError("EnumType.__call__() missing 1 required positional argument: 'value'")
            return cls.__new__(cls, value)
        if value is _auto_null:
            raise TypeError("EnumType.__call__() missing 1 required positional argument: 'value'")
        if names is _auto_null and type is None:
            raise TypeError("%r has no members; specify `names=()` if you meant to create a new, empty, enum" % cls)
        return cls._create_(class_name=value, names=None if names is _auto_null else names, module=module,
                            qualname=qualname, type=type, start=start, boundary=boundary)

    def __contains__(cls, value):
        if isinstance(value, cls):
            return True
        try:
            cls(value)
            return True
        except (ValueError, TypeError):
            return value in cls._unhashable_values_ or value in cls._hashable_values_

    def __delattr__(cls, attr):
        if attr in cls._member_map_:
            raise AttributeError("%r cannot delete member %r." % (cls.__name__, attr))
        super().__delattr__(attr)

    def __dir__(cls):
        names = {"__class__", "__contains__", "__doc__", "__getitem__", "__iter__", "__len__", "__members__",
                 "__module__", "__name__", "__qualname__"}
        names |= set(cls._member_names_)
        if cls._new_member_ is not object.__new__:
            names.add("__new__")
        if cls.__init_subclass__ is not object.__init_subclass__:
            names.add("__init_subclass__")
        if cls._member_type_ is object:
            return sorted(names)
        return sorted(set(dir(cls._member_type_)) | names)

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __iter__(cls):
        return (cls._member_map_[name] for name in cls._member_names_)

    def __len__(cls):
        return len(cls._member_names_)

    @_builtins.property
    def __members__(cls):
        return MappingProxyType(cls._member_map_)

    def __repr__(cls):
        if Flag is not None and issubclass(cls, Flag):
            return "<flag %r>" % cls.__name__
        return "<enum %r>" % cls.__name__

    def __reversed__(cls):
        return (cls._member_map_[name] for name in reversed(cls._member_names_))

    def __setattr__(cls, name, value):
        if name in cls.__dict__.get("_member_map_", {}):
            raise AttributeError("cannot reassign member %r" % (name,))
        super().__setattr__(name, value)

    def _create_(cls, class_name, names, *, module=None, qualname=None, type=None, start=1, boundary=None):
        metacls = cls.__class__
        bases = (cls,) if type is None else (type, cls)
        classdict = metacls.__prepare__(class_name, bases)
        if isinstance(names, str):
            names = names.replace(",", " ").split()
        if isinstance(names, (tuple, list)) and names and isinstance(names[0], str):
            originals, names, last = names, [], []
            for count, name in enumerate(originals):
                value = cls._generate_next_value_(name, start, count, last[:])
                last.append(value)
                names.append((name, value))
        if names is None:
            names = ()
        for item in names:
            if isinstance(item, str):
                name, value = item, names[item]
            else:
                name, value = item
            classdict[name] = value
        if module is None:
            try:
                module = sys._getframemodulename(2)
            except AttributeError:
                try:
                    module = sys._getframe(2).f_globals["__name__"]
                except (AttributeError, ValueError, KeyError):
                    pass
        if module is None:
            classdict["__reduce_ex__"] = _make_class_unpicklable
        else:
            classdict["__module__"] = module
        if qualname is not None:
            classdict["__qualname__"] = qualname
        return metacls.__new__(metacls, class_name, bases, classdict, boundary=boundary)


EnumMeta = EnumType


def _make_class_unpicklable(obj, proto):
    raise TypeError("%r cannot be pickled" % obj)


class Enum(metaclass=EnumType):
    """Create a collection of name/value pairs."""

    def __new__(cls, value=_auto_null):
        if type(value) is cls:
            return value
        if value is _auto_null:
            raise TypeError("%s.__new__() missing 1 required positional argument: 'value'" % cls.__name__)
        try:
            return cls._value2member_map_[value]
        except KeyError:
            pass
        except TypeError:
            for name, values in cls._unhashable_values_map_.items():
                if value in values:
                    return cls[name]
        if not cls._member_map_:
            if getattr(cls, "_%s__in_progress" % cls.__name__, False):
                raise TypeError("do not use `super().__new__; call the appropriate __new__ directly")
            raise TypeError("%r has no members defined" % cls)
        exc = None
        try:
            result = cls._missing_(value)
        except Exception as e:
            exc = e
            result = None
        try:
            if isinstance(result, cls) or (Flag is not None and issubclass(cls, Flag) and cls._boundary_ is EJECT
                                           and isinstance(result, int)):
                return result
            ve_exc = ValueError("%r is not a valid %s" % (value, cls.__qualname__))
            if result is None and exc is None:
                raise ve_exc
            if exc is None:
                exc = TypeError("error in %s._missing_: returned %r instead of None or a valid member"
                                % (cls.__name__, result))
            if not isinstance(exc, ValueError):
                exc.__context__ = ve_exc
            raise exc
        finally:
            exc = None
            ve_exc = None

    def __init__(self, *args, **kwds):
        pass

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        """The value of auto(): one more than the highest so far."""
        if not last_values:
            return start
        try:
            last_value = sorted(last_values).pop()
        except TypeError:
            raise TypeError("unable to sort non-numeric values") from None
        try:
            return last_value + 1
        except TypeError:
            raise TypeError("unable to increment %r" % (last_value,)) from None

    @classmethod
    def _missing_(cls, value):
        return None

    def _add_member_(self, name):
        cls = type(self)
        if name in cls._member_map_:
            if cls._member_map_[name] is not self:
                raise NameError("%r is already bound: %r" % (name, cls._member_map_[name]))
            return
        found = None
        for base in cls.__mro__[1:]:
            attr = base.__dict__.get(name)
            if attr is not None and isinstance(attr, (property, DynamicClassAttribute)):
                found = attr
                break
        if found is not None:
            redirect = property()
            redirect.member = self
            redirect.__set_name__(cls, name)
            redirect.fget, redirect.fset, redirect.fdel = found.fget, found.fset, found.fdel
            type.__setattr__(cls, name, redirect)
        else:
            type.__setattr__(cls, name, self)
        cls._member_map_[name] = self

    def _add_alias_(self, name):
        self._add_member_(name)

    def _add_value_alias_(self, value):
        cls = type(self)
        try:
            if value in cls._value2member_map_:
                if cls._value2member_map_[value] is not self:
                    raise ValueError("%r is already bound: %r" % (value, cls._value2member_map_[value]))
                return
            cls._value2member_map_.setdefault(value, self)
            cls._hashable_values_.append(value)
        except TypeError:
            for m in cls._member_map_.values():
                if m._value_ == value:
                    if m is not self:
                        raise ValueError("%r is already bound: %r" % (value, self)) from None
                    return
            cls._unhashable_values_.append(value)
            cls._unhashable_values_map_.setdefault(self.name, []).append(value)

    def __repr__(self):
        v_repr = self.__class__._value_repr_ or repr
        return "<%s.%s: %s>" % (self.__class__.__name__, self._name_, v_repr(self._value_))

    def __str__(self):
        return "%s.%s" % (self.__class__.__name__, self._name_)

    def __dir__(self):
        names = {"__class__", "__doc__", "__eq__", "__hash__", "__module__"}
        if type(self)._member_type_ is not object:
            names |= set(object.__dir__(self))
        for cls in type(self).__mro__:
            for name, obj in cls.__dict__.items():
                if name[0] == "_":
                    continue
                if isinstance(obj, property):
                    if obj.fget is not None or name not in self._member_map_:
                        names.add(name)
                elif name not in self._member_map_:
                    names.add(name)
        names |= {name for name in getattr(self, "__dict__", ()) if name[0] != "_"}
        names |= {"name", "value"}
        return sorted(names)

    def __format__(self, format_spec):
        return str.__format__(str(self), format_spec)

    def __hash__(self):
        return hash(self._name_)

    def __reduce_ex__(self, proto):
        return self.__class__, (self._value_,)

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self

    @property
    def name(self):
        """The name of the Enum member."""
        return self._name_

    @property
    def value(self):
        """The value of the Enum member."""
        return self._value_


class ReprEnum(Enum):
    """Only changes the repr(), leaving str() and format() to the mixed-in type."""


class IntEnum(int, ReprEnum):
    """Enum where members are also (and must be) ints"""


class StrEnum(str, ReprEnum):
    """Enum where members are also (and must be) strings"""

    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError("too many arguments for str(): %r" % (values,))
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError("%r is not a string" % (values[0],))
        if len(values) >= 2 and not isinstance(values[1], str):
            raise TypeError("encoding must be a string, not %r" % (values[1],))
        if len(values) == 3 and not isinstance(values[2], str):
            raise TypeError("errors must be a string, not %r" % (values[2]))
        value = str(*values)
        m = str.__new__(cls, value)
        m._value_ = value
        return m

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        """The lower-cased name."""
        return name.lower()


def pickle_by_global_name(self, proto):
    return self.name


def pickle_by_enum_name(self, proto):
    return getattr, (self.__class__, self._name_)


class FlagBoundary(StrEnum):
    """What a flag does with bits that no member has."""
    STRICT = auto()   # error
    CONFORM = auto()  # drop them
    EJECT = auto()    # become a plain int
    KEEP = auto()     # keep them


STRICT, CONFORM, EJECT, KEEP = FlagBoundary


class Flag(Enum, boundary=STRICT):
    """Support for flags"""

    _numeric_repr_ = repr

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        """The next power of two."""
        if not last_values:
            return start if start is not None else 1
        last_value = max(last_values)
        try:
            high_bit = last_value.bit_length() - 1
        except Exception:
            raise TypeError("invalid flag value %r" % last_value) from None
        return 2 ** (high_bit + 1)

    @classmethod
    def _iter_member_by_value_(cls, value):
        for val in _bits_of(value & cls._flag_mask_):
            m = cls._value2member_map_.get(val)
            if m is not None:
                yield m

    _iter_member_ = _iter_member_by_value_

    @classmethod
    def _iter_member_by_def_(cls, value):
        yield from sorted(cls._iter_member_by_value_(value), key=lambda m: m._sort_order_)

    @classmethod
    def _missing_(cls, value):
        """Make a combination of members, or treat foreign bits as the boundary says."""
        if not isinstance(value, int):
            raise ValueError("%r is not a valid %s" % (value, cls.__qualname__))
        flag_mask, singles_mask, all_bits = cls._flag_mask_, cls._singles_mask_, cls._all_bits_
        neg_value = None
        if not ~all_bits <= value <= all_bits or value & (all_bits ^ flag_mask):
            if cls._boundary_ is STRICT:
                max_bits = max(value.bit_length(), flag_mask.bit_length())
                raise ValueError("%r invalid value %r\n    given %s\n  allowed %s"
                                 % (cls, value, bin(value, max_bits), bin(flag_mask, max_bits)))
            elif cls._boundary_ is CONFORM:
                value = value & flag_mask
            elif cls._boundary_ is EJECT:
                return value
            elif cls._boundary_ is KEEP:
                if value < 0:
                    value = max(all_bits + 1, 2 ** value.bit_length()) + value
            else:
                raise ValueError("%r unknown flag boundary %r" % (cls, cls._boundary_))
        if value < 0:
            neg_value = value
            if cls._boundary_ in (EJECT, KEEP):
                value = all_bits + 1 + value
            else:
                value = singles_mask & value
        unknown = value & ~flag_mask
        aliases = value & ~singles_mask
        member_value = value & singles_mask
        if unknown and cls._boundary_ is not KEEP:
            raise ValueError("%s(%r) -->  unknown values %r [%s]" % (cls.__name__, value, unknown, bin(unknown)))
        if cls._member_type_ is object:
            pseudo = object.__new__(cls)
        else:
            pseudo = cls._member_type_.__new__(cls, value)
        if not hasattr(pseudo, "_value_"):
            pseudo._value_ = value
        if member_value or aliases:
            members = []
            combined = 0
            for m in cls._iter_member_(member_value):
                members.append(m)
                combined |= m._value_
            if aliases:
                value = member_value | aliases
                for n, pm in cls._member_map_.items():
                    if pm not in members and pm._value_ and pm._value_ & value == pm._value_:
                        members.append(pm)
                        combined |= pm._value_
            unknown = value ^ combined
            pseudo._name_ = "|".join([m._name_ for m in members])
            if not combined:
                pseudo._name_ = None
            elif unknown and cls._boundary_ is STRICT:
                raise ValueError("%r: no members with value %r" % (cls, unknown))
            elif unknown:
                pseudo._name_ += "|%s" % cls._numeric_repr_(unknown)
        else:
            pseudo._name_ = None
        pseudo = cls._value2member_map_.setdefault(value, pseudo)
        if neg_value is not None:
            cls._value2member_map_[neg_value] = pseudo
        return pseudo

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError("unsupported operand type(s) for 'in': %r and %r"
                            % (type(other).__qualname__, self.__class__.__qualname__))
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        yield from self._iter_member_(self._value_)

    def __len__(self):
        return self._value_.bit_count()

    def __repr__(self):
        cls_name = self.__class__.__name__
        v_repr = self.__class__._value_repr_ or repr
        if self._name_ is None:
            return "<%s: %s>" % (cls_name, v_repr(self._value_))
        return "<%s.%s: %s>" % (cls_name, self._name_, v_repr(self._value_))

    def __str__(self):
        cls_name = self.__class__.__name__
        if self._name_ is None:
            return "%s(%r)" % (cls_name, self._value_)
        return "%s.%s" % (cls_name, self._name_)

    def __bool__(self):
        return bool(self._value_)

    def _get_value(self, flag):
        if isinstance(flag, self.__class__):
            return flag._value_
        if self._member_type_ is not object and isinstance(flag, self._member_type_):
            return flag
        return NotImplemented

    def __or__(self, other):
        other_value = self._get_value(other)
        if other_value is NotImplemented:
            return NotImplemented
        for flag in self, other:
            if self._get_value(flag) is None:
                raise TypeError("'%s' cannot be combined with other flags with |" % flag)
        return self.__class__(self._value_ | other_value)

    def __and__(self, other):
        other_value = self._get_value(other)
        if other_value is NotImplemented:
            return NotImplemented
        for flag in self, other:
            if self._get_value(flag) is None:
                raise TypeError("'%s' cannot be combined with other flags with &" % flag)
        return self.__class__(self._value_ & other_value)

    def __xor__(self, other):
        other_value = self._get_value(other)
        if other_value is NotImplemented:
            return NotImplemented
        for flag in self, other:
            if self._get_value(flag) is None:
                raise TypeError("'%s' cannot be combined with other flags with ^" % flag)
        return self.__class__(self._value_ ^ other_value)

    def __invert__(self):
        if self._get_value(self) is None:
            raise TypeError("'%s' cannot be inverted" % (self,))
        if self._inverted_ is None:
            if self._boundary_ in (EJECT, KEEP):
                self._inverted_ = self.__class__(~self._value_)
            else:
                self._inverted_ = self.__class__(self._singles_mask_ & ~self._value_)
        return self._inverted_

    __rand__ = __and__
    __ror__ = __or__
    __rxor__ = __xor__


class IntFlag(int, ReprEnum, Flag, boundary=KEEP):
    """Support for integer-based Flags"""


def unique(enumeration):
    """Class decorator for enumerations ensuring unique member values."""
    duplicates = []
    for name, m in enumeration.__members__.items():
        if name != m.name:
            duplicates.append((name, m.name))
    if duplicates:
        details = ", ".join(["%s -> %s" % (alias, name) for (alias, name) in duplicates])
        raise ValueError("duplicate values found in %r: %s" % (enumeration, details))
    return enumeration


def global_enum_repr(self):
    """use module.enum_name instead of class.enum_name"""
    return "%s.%s" % (self.__class__.__module__.split(".")[-1], self._name_)


def global_flag_repr(self):
    """use module.flag_name instead of class.flag_name"""
    module = self.__class__.__module__.split(".")[-1]
    cls_name = self.__class__.__name__
    if self._name_ is None:
        return "%s.%s(%r)" % (module, cls_name, self._value_)
    if _is_single_bit(self._value_):
        return "%s.%s" % (module, self._name_)
    if self._boundary_ is not FlagBoundary.KEEP:
        return "|".join(["%s.%s" % (module, name) for name in self.name.split("|")])
    out = []
    for n in self._name_.split("|"):
        out.append(n if n[0].isdigit() else "%s.%s" % (module, n))
    return "|".join(out)


def global_str(self):
    """use enum_name instead of class.enum_name"""
    if self._name_ is None:
        return "%s(%r)" % (self.__class__.__name__, self._value_)
    return self._name_


def global_enum(cls, update_str=False):
    """Make the repr() of members reference their module, and put the members into the module's namespace."""
    cls.__repr__ = global_flag_repr if issubclass(cls, Flag) else global_enum_repr
    if not issubclass(cls, ReprEnum) or update_str:
        cls.__str__ = global_str
    sys.modules[cls.__module__].__dict__.update(cls.__members__)
    return cls


class EnumCheck(StrEnum):
    """What verify() can check."""
    CONTINUOUS = "no skipped integer values"
    NAMED_FLAGS = "multi-flag aliases may not contain unnamed flags"
    UNIQUE = "one name per value"


CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck


class verify:
    """Check an enum for various constraints."""

    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        for check in self.checks:
            if check is UNIQUE:
                self._unique(enumeration)
            elif check is CONTINUOUS:
                self._continuous(enumeration)
            elif check is NAMED_FLAGS:
                self._named(enumeration)
        return enumeration

    @staticmethod
    def _unique(enumeration):
        duplicates = [(n, m.name) for n, m in enumeration.__members__.items() if n != m.name]
        if duplicates:
            raise ValueError("aliases found in %r: %s" % (
                enumeration, ", ".join(["%s -> %s" % pair for pair in duplicates])))

    @staticmethod
    def _continuous(enumeration):
        values = set(e.value for e in enumeration)
        if len(values) < 2:
            return
        low, high = min(values), max(values)
        missing = []
        if issubclass(enumeration, Flag):
            for i in range(low.bit_length(), high.bit_length() - 1):
                if 2 ** i not in values:
                    missing.append(2 ** i)
        elif issubclass(enumeration, IntEnum) or all(isinstance(v, int) for v in values):
            missing = [i for i in range(low + 1, high) if i not in values]
        else:
            raise Exception("verify: unknown type %r" % type(enumeration))
        if missing:
            raise ValueError("invalid %s %r: missing values %s" % (
                "Flag" if issubclass(enumeration, Flag) else "enum", enumeration.__name__,
                ", ".join(str(m) for m in missing)))

    @staticmethod
    def _named(enumeration):
        names, missing = [], 0
        for name, alias in enumeration._member_map_.items():
            if name in enumeration._member_names_ or alias.value < 0:
                continue
            lost = alias.value & ~enumeration._singles_mask_
            if lost:
                names.append(name)
                missing |= lost
        if names:
            which = "alias %s is" % names[0] if len(names) == 1 else "aliases %s and %s are" % (
                ", ".join(names[:-1]), names[-1])
            if _is_single_bit(missing):
                value = "value 0x%x" % missing
            else:
                value = "combined values of 0x%x" % missing
            raise ValueError("invalid Flag %r: %s missing %s [use enum.show_flag_values(value) for details]" % (
                enumeration.__name__, which, value))


def show_flag_values(value):
    return list(_bits_of(value))


def _simple_enum(etype=Enum, *, boundary=None, use_args=None):
    """Class decorator that makes an enum of a plain class."""
    def convert(cls):
        body = {k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__")}
        ns = EnumType.__prepare__(cls.__name__, (etype,))
        for k, v in body.items():
            ns[k] = v
        return EnumType.__new__(EnumType, cls.__name__, (etype,), ns, boundary=boundary)
    return convert
