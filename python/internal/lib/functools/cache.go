package functools

import (
	"unsafe"

	"martlet/python/object"
)

func offsetOf(z *partialAttrs) uintptr { return unsafe.Offsetof(z.attrs) }

// cache is what _lru_cache_wrapper makes: a function with a cache of results. Entries of a bounded cache are kept in
// the dict's order of insertion: a hit moves its entry to the end, so the first one is the least recently used.
type cache struct {
	object.Object
	fn           value
	max          int // -1: unbounded
	typed        bool
	hits, misses int64
	d            *object.Dict
	info         value
}

type cacheAttrs struct {
	cache
	attrs object.Attrs
	slots [6]value //lint:ignore U1000 room for attributes, reached through Attrs
}

var cacheType object.Type

// makeKey joins the arguments to one hashable key. A single int or str stands for itself.
func (c *cache) makeKey(args []value, kwnames []*object.Str) value {
	if len(kwnames) == 0 && !c.typed && len(args) == 1 && (args[0].IsInt() || args[0].Type() == &object.StrType) {
		return args[0]
	}
	n := len(args) - len(kwnames)
	key := append([]value(nil), args[:n]...)
	if len(kwnames) > 0 {
		key = append(key, object.ObjectType.Value())
		for i, k := range kwnames {
			key = append(key, object.Obj(k), args[n+i])
		}
	}
	if c.typed {
		for _, x := range args {
			key = append(key, x.Type().Value())
		}
	}
	return object.NewTuple(key)
}

func cacheCall(t *thread, callee value, args []value, kwnames []*object.Str) (value, *exc) {
	c := object.As[cache](callee)
	if c.max == 0 {
		c.misses++
		return object.CallKw(t, c.fn, args, kwnames)
	}
	key := c.makeKey(args, kwnames)
	v, e := c.d.Get(t, key)
	if e != nil {
		return value{}, e
	}
	if v.Ref != nil {
		c.hits++
		if c.max > 0 {
			if _, e := c.d.Del(t, key); e != nil {
				return value{}, e
			}
			e = c.d.Set(t, key, v)
		}
		return v, e
	}
	c.misses++
	v, e = object.CallKw(t, c.fn, args, kwnames)
	if e != nil {
		return value{}, e
	}
	if e := c.d.Set(t, key, v); e != nil {
		return value{}, e
	}
	for c.max > 0 && c.d.Len() > c.max {
		pos := 0
		k, _, ok := c.d.Next(&pos)
		if !ok {
			break
		}
		if _, e := c.d.Del(t, k); e != nil {
			return value{}, e
		}
	}
	return v, nil
}

func cacheNew(t *thread, tp *object.Type, a []value) (value, *exc) {
	limit := -1
	if !a[1].IsNone() {
		if !object.IsIntLike(a[1]) {
			return value{}, object.TypeErrorf(t, "maxsize should be integer or None")
		}
		n, e := object.ToInt(t, a[1])
		if e != nil {
			return value{}, e
		}
		limit = max(0, n)
	}
	if !object.Callable(a[0]) {
		return value{}, object.TypeErrorf(t, "the first argument must be callable")
	}
	typed, e := object.Truth(t, a[2])
	if e != nil {
		return value{}, e
	}
	c, e := object.AllocAs[cache](t, tp)
	if e == nil {
		c.fn, c.max, c.typed, c.d, c.info = a[0], limit, typed, object.NewDict(), a[3]
	}
	return object.Obj(c), e
}

func init() {
	var z cacheAttrs
	object.Declare(&cacheType, object.Decl{
		Name: "functools._lru_cache_wrapper", Layout: object.LayoutWithAttrs[cacheAttrs](unsafe.Offsetof(z.attrs), 6), Dict: true, Weak: true,
		Slots: object.Slots{
			New:  object.NewSig("_lru_cache_wrapper(user_function, maxsize, typed, cache_info_type)", cacheNew),
			Init: func(t *thread, self value, args []value, kw []*object.Str) *exc { return nil },
			Call: cacheCall,
			DescrGet: func(t *thread, d, obj value, owner *object.Type) (value, *exc) {
				if obj.Ref == nil || obj.IsNone() {
					return d, nil
				}
				return object.NewBoundMethod(d, obj), nil
			},
		},
		Methods: []object.Method{
			{Sig: "cache_info(self, /)", Doc: "Report cache statistics", Fn: func(t *thread, a []value) (value, *exc) {
				c := object.As[cache](a[0])
				limit := object.None
				if c.max >= 0 {
					limit = object.Int(int64(c.max))
				}
				return object.Call(t, c.info, object.Int(c.hits), object.Int(c.misses), limit, object.Int(int64(c.d.Len())))
			}},
			{Sig: "cache_clear(self, /)", Doc: "Clear the cache and cache statistics", Fn: func(t *thread, a []value) (value, *exc) {
				c := object.As[cache](a[0])
				c.d.Clear()
				c.hits, c.misses = 0, 0
				return object.None, nil
			}},
			{Sig: "__copy__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], nil }},
			{Sig: "__deepcopy__(self, memo, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], nil }},
			{Sig: "__reduce__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return object.GetAttr(t, a[0], object.N.QualName) }},
		},
	})
}
