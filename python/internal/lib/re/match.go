package re

import (
	"martlet/python/object"
)

var matchType object.Type

func mat(v value) *match { return object.As[match](v) }

// number resolves a group given by number or name.
func (m *match) number(t *thread, v value) (int, *exc) {
	n := -1
	switch {
	case object.IsIntLike(v) || v.Type().Slots.Index != nil:
		i, e := object.ClampIndex(t, v)
		if e != nil {
			return 0, e
		}
		n = i
	case object.IsStr(v):
		if i, ok := m.pat.p.GroupIndex(object.StrText(v)); ok {
			n = i
		}
	}
	if n < 0 || n > m.pat.p.Groups {
		return 0, object.IndexErrorf(t, "no such group")
	}
	return n, nil
}

func (m *match) group(i int, def value) value {
	if lo := m.r.Spans[2*i]; lo >= 0 {
		return m.sub.slice(lo, m.r.Spans[2*i+1])
	}
	return def
}

// at gives the code point position of side 0 (start) or 1 (end) of a group.
func (m *match) at(i, side int) value {
	off := m.r.Spans[2*i+side]
	if off < 0 {
		return object.Int(-1)
	}
	return object.Int(int64(m.sub.index(off)))
}

func groupFn(t *thread, a []value) (value, *exc) {
	m := mat(a[0])
	args := object.As[object.Tuple](a[1]).Items
	if len(args) == 0 {
		return m.group(0, object.None), nil
	}
	out := make([]value, len(args))
	for i, v := range args {
		n, e := m.number(t, v)
		if e != nil {
			return value{}, e
		}
		out[i] = m.group(n, object.None)
	}
	if len(out) == 1 {
		return out[0], nil
	}
	return object.NewTuple(out), nil
}

func (m *match) groups(def value) []value {
	out := make([]value, m.pat.p.Groups)
	for i := range out {
		out[i] = m.group(i+1, def)
	}
	return out
}

// place makes start, end and span.
func place(f func(m *match, i int) value) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		n, e := mat(a[0]).number(t, a[1])
		if e != nil {
			return value{}, e
		}
		return f(mat(a[0]), n), nil
	}
}

func groupdict(t *thread, a []value) (value, *exc) {
	m, d := mat(a[0]), object.NewDict()
	for _, g := range m.pat.p.Names {
		if e := d.SetStr(t, object.NewStr(g.Name), m.group(g.Index, a[1])); e != nil {
			return value{}, e
		}
	}
	return object.Obj(d), nil
}

func expand(t *thread, a []value) (value, *exc) {
	m := mat(a[0])
	tpl, e := template(t, m.pat, a[1])
	if e != nil {
		return value{}, e
	}
	out := tpl.Expand(nil, m.sub.s, &m.r)
	if m.sub.bytes {
		return object.BytesVal(out), nil
	}
	return object.ChargedStr(t, string(out))
}

func matchRepr(t *thread, v value) (value, *exc) {
	m := mat(v)
	r, e := object.Repr(t, m.group(0, object.None))
	if e != nil {
		return value{}, e
	}
	text := func(x value) string { return object.IntString(x) }
	short := r.S
	if rs := []rune(short); len(rs) > 50 {
		short = string(rs[:50])
	}
	return object.StrVal("<re.Match object; span=(" + text(m.at(0, 0)) + ", " + text(m.at(0, 1)) + "), match=" + short + ">"), nil
}

func span(m *match, i int) value { return object.TupleOf(m.at(i, 0), m.at(i, 1)) }

func init() {
	get := func(name string, f func(m *match) value) object.GetSet {
		return object.GetSet{Name: name, Get: func(t *thread, v value) (value, *exc) { return f(mat(v)), nil }}
	}
	object.Declare(&matchType, object.Decl{
		Name: "re.Match", Flags: object.FNoNew | object.FFinal, Layout: object.LayoutOf[match](), Doc: "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
		Slots: object.Slots{Repr: matchRepr, GetItem: func(t *thread, v, key value) (value, *exc) {
			n, e := mat(v).number(t, key)
			if e != nil {
				return value{}, e
			}
			return mat(v).group(n, object.None), nil
		}},
		Methods: []object.Method{
			{Sig: "group(self, /, *args)", Fn: groupFn},
			{Sig: "groups(self, /, default=None)", Fn: func(t *thread, a []value) (value, *exc) { return object.NewTuple(mat(a[0]).groups(a[1])), nil }},
			{Sig: "groupdict(self, /, default=None)", Fn: groupdict},
			{Sig: "start(self, group=0, /)", Fn: place(func(m *match, i int) value { return m.at(i, 0) })},
			{Sig: "end(self, group=0, /)", Fn: place(func(m *match, i int) value { return m.at(i, 1) })},
			{Sig: "span(self, group=0, /)", Fn: place(span)},
			{Sig: "expand(self, /, template)", Fn: expand},
			{Sig: "__copy__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], nil }},
			{Sig: "__deepcopy__(self, memo, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], nil }},
			{Sig: "__class_getitem__(type, object, /)", Kind: object.ClassMethod, Fn: func(t *thread, a []value) (value, *exc) { return object.NewGenericAlias(a[0], a[1]), nil }},
		},
		GetSets: []object.GetSet{
			get("re", func(m *match) value { return object.Obj(m.pat) }),
			get("string", func(m *match) value { return m.sub.v }),
			get("pos", func(m *match) value { return object.Int(int64(m.pos)) }),
			get("endpos", func(m *match) value { return object.Int(int64(m.endpos)) }),
			get("lastindex", func(m *match) value {
				if m.r.LastIndex <= 0 {
					return object.None
				}
				return object.Int(int64(m.r.LastIndex))
			}),
			get("lastgroup", func(m *match) value {
				for _, g := range m.pat.p.Names {
					if g.Index == m.r.LastIndex && m.r.LastIndex > 0 {
						return object.StrVal(g.Name)
					}
				}
				return object.None
			}),
			get("regs", func(m *match) value {
				out := make([]value, m.pat.p.Groups+1)
				for i := range out {
					out[i] = span(m, i)
				}
				return object.NewTuple(out)
			}),
		},
	})
}
