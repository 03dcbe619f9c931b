package re

import (
	"strings"

	"martlet/python/internal/sre"
	"martlet/python/object"
)

var patternType object.Type

func pat(v value) *pattern { return object.As[pattern](v) }

// run is one pass over a subject: a matcher with the region it may look at.
type run struct {
	t           *thread
	p           *pattern
	sub         subject
	m           *sre.Matcher
	pos, endpos int // code points
	at          int // where the next match may begin, as a byte offset
	end         int
}

// start prepares a pass over v[pos:endpos].
func (p *pattern) start(t *thread, v, pos, endpos value) (*run, *exc) {
	sub, e := p.subject(t, v)
	if e != nil {
		return nil, e
	}
	r := &run{t: t, p: p, sub: sub, endpos: sub.len()}
	if pos.Ref != nil {
		if r.pos, e = bound(t, pos, sub.len()); e != nil {
			return nil, e
		}
	}
	if endpos.Ref != nil {
		if r.endpos, e = bound(t, endpos, sub.len()); e != nil {
			return nil, e
		}
	}
	r.at, r.end = sub.offset(r.pos), len(sub.s)
	if r.endpos < sub.len() {
		r.end = sub.offset(r.endpos)
	}
	r.m = p.p.NewMatcher(sub.s, max(r.end, 0))
	r.m.NotEmptyAt = -1
	r.m.Poll = func() error {
		if t.Ctx.Err() != nil {
			return errStopped
		}
		return nil
	}
	return r, nil
}

func bound(t *thread, v value, n int) (int, *exc) {
	i, e := object.ClampIndex(t, v)
	return max(0, min(i, n)), e
}

// next gives the next match, or nil.
func (r *run) next(mode sre.Mode) (*sre.Result, *exc) {
	if r.at > r.end {
		return nil, nil
	}
	res, err := r.m.Match(r.at, mode)
	if err != nil {
		return nil, convert(r.t, err, r.p.fail, r.p.source)
	}
	if res == nil {
		r.at = r.end + 1
		return nil, nil
	}
	r.at, r.m.NotEmptyAt = res.Spans[1], -1
	if res.Spans[0] == res.Spans[1] {
		r.m.NotEmptyAt = r.at
	}
	return res, nil
}

func (r *run) match(res *sre.Result) value {
	return object.Obj(&match{Object: object.Object{Shape: &matchType.Root}, pat: r.p, sub: r.sub, pos: r.pos, endpos: r.endpos,
		r: sre.Result{Spans: append([]int(nil), res.Spans...), LastIndex: res.LastIndex}})
}

// once makes match, fullmatch and search.
func once(mode sre.Mode) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		r, e := pat(a[0]).start(t, a[1], a[2], a[3])
		if e != nil {
			return value{}, e
		}
		res, e := r.next(mode)
		if e != nil || res == nil {
			return object.None, e
		}
		return r.match(res), t.Charge(160)
	}
}

// group gives group i of a result; def stands for a group that took no part.
func (r *run) group(res *sre.Result, i int, def value) value {
	if lo := res.Spans[2*i]; lo >= 0 {
		return r.sub.slice(lo, res.Spans[2*i+1])
	}
	return def
}

func findall(t *thread, a []value) (value, *exc) {
	p := pat(a[0])
	r, e := p.start(t, a[1], a[2], a[3])
	if e != nil {
		return value{}, e
	}
	empty := object.EmptyStr
	if p.p.Bytes {
		empty = object.BytesVal(nil)
	}
	var out []value
	for {
		res, e := r.next(sre.Search)
		if e != nil {
			return value{}, e
		}
		if res == nil {
			return object.NewList(out), nil
		}
		if e := t.Charge(96); e != nil {
			return value{}, e
		}
		switch p.p.Groups {
		case 0:
			out = append(out, r.group(res, 0, empty))
		case 1:
			out = append(out, r.group(res, 1, empty))
		default:
			items := make([]value, p.p.Groups)
			for i := range items {
				items[i] = r.group(res, i+1, empty)
			}
			out = append(out, object.NewTuple(items))
		}
	}
}

// scanner is the iterator of finditer and the object of Pattern.scanner.
type scanner struct {
	object.Object
	r *run
}

var scannerType, callIterType object.Type

func (s *scanner) step(mode sre.Mode) (value, *exc) {
	res, e := s.r.next(mode)
	if e != nil || res == nil {
		return value{}, e
	}
	return s.r.match(res), s.r.t.Charge(160)
}

func newScanner(tp *object.Type) object.BuiltinFn {
	return func(t *thread, a []value) (value, *exc) {
		r, e := pat(a[0]).start(t, a[1], a[2], a[3])
		return object.Obj(&scanner{Object: object.Object{Shape: &tp.Root}, r: r}), e
	}
}

func split(t *thread, a []value) (value, *exc) {
	r, e := pat(a[0]).start(t, a[1], value{}, value{})
	if e != nil {
		return value{}, e
	}
	limit, e := object.ToInt(t, a[2])
	if e != nil {
		return value{}, e
	}
	var out []value
	last := 0
	for n := 0; limit <= 0 || n < limit; n++ {
		res, e := r.next(sre.Search)
		if e != nil {
			return value{}, e
		}
		if res == nil {
			break
		}
		out = append(out, r.sub.slice(last, res.Spans[0]))
		for i := 1; i <= r.p.p.Groups; i++ {
			out = append(out, r.group(res, i, object.None))
		}
		last = res.Spans[1]
		if e := t.Charge(96); e != nil {
			return value{}, e
		}
	}
	return object.NewList(append(out, r.sub.slice(last, len(r.sub.s)))), nil
}

// template parses a replacement text; nil for text without backslashes.
func template(t *thread, p *pattern, v value) (*sre.Template, *exc) {
	text := ""
	if object.IsStr(v) {
		text = object.StrText(v)
	} else {
		b, e := object.BufferBytes(t, v)
		if e != nil {
			return nil, e
		}
		text = string(b)
	}
	if strings.IndexByte(text, '\\') < 0 {
		return &sre.Template{Parts: []sre.Part{{Text: text, Group: -1}}}, nil
	}
	tpl, err := p.p.ParseTemplate(text)
	if err != nil {
		return nil, convert(t, err, p.fail, v)
	}
	return tpl, nil
}

// subst is sub and subn: the new text and the number of replacements.
func subst(t *thread, a []value) (value, int64, *exc) {
	p := pat(a[0])
	r, e := p.start(t, a[2], value{}, value{})
	if e != nil {
		return value{}, 0, e
	}
	limit, e := object.ToInt(t, a[3])
	if e != nil {
		return value{}, 0, e
	}
	var tpl *sre.Template
	if !object.Callable(a[1]) {
		if tpl, e = template(t, p, a[1]); e != nil {
			return value{}, 0, e
		}
	}
	var out []byte
	last, n := 0, int64(0)
	for limit <= 0 || n < int64(limit) {
		res, e := r.next(sre.Search)
		if e != nil {
			return value{}, 0, e
		}
		if res == nil {
			break
		}
		out = append(out, r.sub.s[last:res.Spans[0]]...)
		last = res.Spans[1]
		mark := len(out)
		if tpl != nil {
			out = tpl.Expand(out, r.sub.s, res)
		} else if out, e = r.callback(a[1], res, out); e != nil {
			return value{}, 0, e
		}
		if e := t.Charge(len(out) - mark); e != nil {
			return value{}, 0, e
		}
		n++
	}
	if n == 0 {
		return r.sub.slice(0, len(r.sub.s)), 0, nil
	}
	out = append(out, r.sub.s[last:]...)
	if r.sub.bytes {
		return object.BytesVal(out), n, nil
	}
	v, e := object.ChargedStr(t, string(out))
	return v, n, e
}

// callback appends what the replacement function gives for a match.
func (r *run) callback(fn value, res *sre.Result, out []byte) ([]byte, *exc) {
	x, e := object.Call(r.t, fn, r.match(res))
	if e != nil || x.IsNone() {
		return out, e
	}
	if object.IsStr(x) && !r.sub.bytes {
		return append(out, object.StrText(x)...), nil
	}
	if b, ok := object.BytesOf(x); ok && r.sub.bytes {
		return append(out, b...), nil
	}
	want := "str instance"
	if r.sub.bytes {
		want = "a bytes-like object"
	}
	return nil, object.TypeErrorf(r.t, "sequence item 0: expected %s, %s found", want, x.Type().Name)
}

func patternRepr(t *thread, v value) (value, *exc) {
	p := pat(v)
	r, e := object.Repr(t, p.source)
	if e != nil {
		return value{}, e
	}
	text := r.S
	if rs := []rune(text); len(rs) > 200 {
		text = string(rs[:200])
	}
	flags := p.p.Flags
	if !p.p.Bytes {
		if flags&(sre.Locale|sre.Unicode|sre.ASCII) == sre.Unicode {
			flags &^= sre.Unicode
		}
	}
	var names []string
	for _, f := range []struct {
		bit  sre.Flags
		name string
	}{{sre.IgnoreCase, "IGNORECASE"}, {sre.Locale, "LOCALE"}, {sre.MultiLine, "MULTILINE"}, {sre.DotAll, "DOTALL"},
		{sre.Unicode, "UNICODE"}, {sre.Verbose, "VERBOSE"}, {sre.Debug, "DEBUG"}, {sre.ASCII, "ASCII"}} {
		if flags&f.bit != 0 {
			names = append(names, "re."+f.name)
			flags &^= f.bit
		}
	}
	if len(names) == 0 {
		return object.StrVal("re.compile(" + text + ")"), nil
	}
	return object.StrVal("re.compile(" + text + ", " + strings.Join(names, "|") + ")"), nil
}

func groupIndex(t *thread, v value) (value, *exc) {
	d := object.NewDict()
	for _, g := range pat(v).p.Names {
		if e := d.SetStr(t, object.NewStr(g.Name), object.Int(int64(g.Index))); e != nil {
			return value{}, e
		}
	}
	return object.NewMappingProxy(object.Obj(d)), nil
}

func init() {
	self := func(t *thread, v value) (value, *exc) { return v, nil }
	const region = "(self, /, string, pos=<absent>, endpos=<absent>)"
	object.Declare(&patternType, object.Decl{
		Name: "re.Pattern", Flags: object.FNoNew | object.FFinal, Layout: object.LayoutOf[pattern](), Weak: true, Doc: "Compiled regular expression object.",
		Slots: object.Slots{Repr: patternRepr,
			Hash: func(t *thread, v value) (int64, *exc) {
				h, e := object.Hash(t, pat(v).source)
				return h ^ int64(pat(v).p.Flags), e
			},
			Compare: func(t *thread, a, b value, op object.CmpOp) (value, *exc) {
				if b.Type() != &patternType || op != object.CmpEq && op != object.CmpNe {
					return object.NotImplemented, nil
				}
				eq, e := object.Equal(t, pat(a).source, pat(b).source)
				eq = eq && pat(a).p.Flags == pat(b).p.Flags && pat(a).p.Bytes == pat(b).p.Bytes
				return object.Bool(eq == (op == object.CmpEq)), e
			}},
		Methods: []object.Method{
			{Sig: "match" + region, Fn: once(sre.Match)},
			{Sig: "fullmatch" + region, Fn: once(sre.FullMatch)},
			{Sig: "search" + region, Fn: once(sre.Search)},
			{Sig: "findall" + region, Fn: findall},
			{Sig: "finditer" + region, Fn: newScanner(&callIterType)},
			{Sig: "scanner" + region, Fn: newScanner(&scannerType)},
			{Sig: "split(self, /, string, maxsplit=0)", Fn: split},
			{Sig: "sub(self, /, repl, string, count=0)", Fn: func(t *thread, a []value) (value, *exc) {
				v, _, e := subst(t, a)
				return v, e
			}},
			{Sig: "subn(self, /, repl, string, count=0)", Fn: func(t *thread, a []value) (value, *exc) {
				v, n, e := subst(t, a)
				if e != nil {
					return value{}, e
				}
				return object.TupleOf(v, object.Int(n)), nil
			}},
			{Sig: "__copy__(self, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], nil }},
			{Sig: "__deepcopy__(self, memo, /)", Fn: func(t *thread, a []value) (value, *exc) { return a[0], nil }},
			{Sig: "__class_getitem__(type, object, /)", Kind: object.ClassMethod, Fn: func(t *thread, a []value) (value, *exc) { return object.NewGenericAlias(a[0], a[1]), nil }},
		},
		GetSets: []object.GetSet{
			{Name: "pattern", Get: func(t *thread, v value) (value, *exc) { return pat(v).source, nil }},
			{Name: "flags", Get: func(t *thread, v value) (value, *exc) { return object.Int(int64(pat(v).p.Flags)), nil }},
			{Name: "groups", Get: func(t *thread, v value) (value, *exc) { return object.Int(int64(pat(v).p.Groups)), nil }},
			{Name: "groupindex", Get: groupIndex},
		},
	})
	step := func(mode sre.Mode) object.BuiltinFn {
		return func(t *thread, a []value) (value, *exc) {
			v, e := object.As[scanner](a[0]).step(mode)
			if e == nil && v.Ref == nil {
				v = object.None
			}
			return v, e
		}
	}
	object.Declare(&scannerType, object.Decl{Name: "SRE_Scanner", Module: "_sre", Flags: object.FNoNew | object.FFinal, Layout: object.LayoutOf[scanner](),
		Methods: []object.Method{{Sig: "match(self, /)", Fn: step(sre.Match)}, {Sig: "search(self, /)", Fn: step(sre.Search)}},
		GetSets: []object.GetSet{{Name: "pattern", Get: func(t *thread, v value) (value, *exc) { return object.Obj(object.As[scanner](v).r.p), nil }}}})
	object.Declare(&callIterType, object.Decl{Name: "callable_iterator", Flags: object.FNoNew | object.FFinal, Layout: object.LayoutOf[scanner](),
		Slots: object.Slots{Iter: self, Next: func(t *thread, v value) (value, *exc) { return object.As[scanner](v).step(sre.Search) }}})
}
