package python

import (
	"slices"
	"strings"

	"martlet/python/object"
)

// keywords are what Complete offers beside names.
var keywords = strings.Fields(`False None True and as assert async await break class continue def del elif else except finally for from global if
	import in is lambda match nonlocal not or pass raise return try type while with yield`)

// Complete gives the words that begin with a name or dotted name: variables of __main__, builtins and keywords, or the
// attributes of the object before the last dot. Names beginning with an underscore are offered when one was typed.
func (in *Interpreter) Complete(word string) (out []string) {
	in.protect(func() (object.Value, *object.Exception) {
		out = in.complete(word)
		return object.None, nil
	})
	return out
}

func (in *Interpreter) complete(word string) []string {
	t := in.t
	dot := strings.LastIndexByte(word, '.')
	prefix, start := word[dot+1:], word[:dot+1]
	var names []string
	if dot < 0 {
		names = slices.Concat(keywords, texts(in.rt.Main(t).Keys()), texts(t.Interp.Builtins.Keys()))
	} else {
		names = in.attributes(strings.Split(word[:dot], "."))
	}
	var out []string
	for _, n := range names {
		if strings.HasPrefix(n, prefix) && (prefix != "" || !strings.HasPrefix(n, "_")) {
			out = append(out, start+n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// attributes lists dir() of what a path of names leads to; nothing if it leads nowhere.
func (in *Interpreter) attributes(path []string) []string {
	t := in.t
	v := in.rt.Main(t).GetStr(t.Intern(path[0]))
	if v.Ref == nil {
		v = t.Interp.Builtins.GetStr(t.Intern(path[0]))
	}
	var e *object.Exception
	for _, p := range path[1:] {
		if v.Ref == nil {
			return nil
		}
		if v, e = object.LookupAttr(t, v, t.Intern(p)); e != nil {
			return nil
		}
	}
	if v.Ref == nil {
		return nil
	}
	list, e := object.Call(t, t.Interp.Builtins.GetStr(t.Intern("dir")), v)
	if e != nil {
		return nil
	}
	items, e := object.Collect(t, list)
	if e != nil {
		return nil
	}
	return texts(items)
}

// texts are the strings among values.
func texts(list []object.Value) (out []string) {
	for _, v := range list {
		if v.Type().Flags&object.FStr != 0 {
			out = append(out, object.As[object.Str](v).S)
		}
	}
	return out
}
