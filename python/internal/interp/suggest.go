package interp

import (
	"strings"

	"martlet/python/object"
)

// "Did you mean": the nearest name by a weighted edit distance (a move costs 2, a change of case 1), as CPython ranks them.

const (
	moveCost = 2
	caseCost = 1
	maxNames = 750
	maxLen   = 40
)

func subCost(a, b byte) int {
	if a == b {
		return 0
	}
	if a|0x20 == b|0x20 && a|0x20 >= 'a' && a|0x20 <= 'z' {
		return caseCost
	}
	return moveCost
}

func distance(a, b string, limit int) int {
	if a == b {
		return 0
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) == 0 || len(b) == 0 {
		return moveCost * (len(a) + len(b))
	}
	if len(a) > maxLen || len(b) > maxLen {
		return limit + 1
	}
	if len(b) < len(a) {
		a, b = b, a
	}
	if (len(b)-len(a))*moveCost > limit {
		return limit + 1
	}
	row := make([]int, len(a))
	for i := range row {
		row[i] = (i + 1) * moveCost
	}
	result := 0
	for bi := range len(b) {
		dist := bi * moveCost
		result = dist
		low := 1 << 30
		for i := range len(a) {
			sub := dist + subCost(b[bi], a[i])
			dist = row[i]
			result = min(sub, min(result, dist)+moveCost)
			row[i] = result
			low = min(low, result)
		}
		if low > limit {
			return limit + 1
		}
	}
	return result
}

// suggestion picks the nearest of names, or "".
func suggestion(wrong string, names []string) string {
	if len(names) >= maxNames || len(wrong) > maxLen {
		return ""
	}
	best, bestDist := "", -1
	for _, n := range names {
		if n == wrong {
			continue
		}
		limit := (len(n) + len(wrong) + 3) * moveCost / 6
		if bestDist >= 0 {
			limit = min(limit, bestDist-1)
		}
		d := distance(wrong, n, limit)
		if d > limit {
			continue
		}
		if bestDist < 0 || d < bestDist {
			best, bestDist = n, d
		}
	}
	return best
}

// suggest gives what printing adds to the message of a NameError, AttributeError or ImportError.
func (th *Thread) suggest(e *Exception, msg string) string {
	t := th.T
	name := func(i int) string {
		if v := e.Field(i); v.Type() == &object.StrType {
			return object.As[Str](v).S
		}
		return ""
	}
	wrong, found := "", ""
	switch {
	case e.IsA(&object.NameErrorType):
		if wrong = name(object.NameErrName); wrong == "" {
			return ""
		}
		found = th.suggestName(e, wrong)
	case e.IsA(&object.AttributeErrorType):
		if wrong = name(object.AttrErrName); wrong == "" || e.Fields[object.AttrErrObj].Ref == nil {
			return ""
		}
		found = suggestion(wrong, dirNames(t, e.Fields[object.AttrErrObj], wrong))
	case e.IsA(&object.ImportErrorType):
		if wrong = name(object.ImportNameFrom); wrong == "" {
			return ""
		}
		if m := t.Interp.Modules.GetStr(t.Intern(name(object.ImportName))); m.Ref != nil {
			found = suggestion(wrong, dirNames(t, m, wrong))
		}
	default:
		return ""
	}
	out := ""
	if found != "" {
		out = ". Did you mean: '" + found + "'?"
	}
	if e.IsA(&object.NameErrorType) && th.in.isStdModule(wrong) {
		if out == "" {
			out = ". Did you forget to import '" + wrong + "'?"
		} else {
			out += " Or did you forget to import '" + wrong + "'?"
		}
	}
	return out
}

func dirNames(t *object.Thread, v Value, wrong string) []string {
	d := t.Interp.Builtins.GetStr(t.Intern("dir"))
	if d.Ref == nil {
		return nil
	}
	r, e := object.Call(t, d, v)
	if e != nil {
		return nil
	}
	items, e := object.Collect(t, r)
	if e != nil {
		return nil
	}
	var out []string
	hide := !strings.HasPrefix(wrong, "_")
	for _, x := range items {
		if x.Type() == &object.StrType {
			s := object.As[Str](x).S
			if !hide || !strings.HasPrefix(s, "_") {
				out = append(out, s)
			}
		}
	}
	return out
}

func (th *Thread) suggestName(e *Exception, wrong string) string {
	tb := e.TB
	if tb == nil {
		return ""
	}
	for tb.Next != nil {
		tb = tb.Next
	}
	if tb.Frame.Ref == nil || tb.Frame.Type() != &FrameType {
		return ""
	}
	f := object.As[Frame](tb.Frame)
	var names []string
	add := func(v Value) {
		if d, ok := object.AsDict(v); ok {
			for _, k := range d.Keys() {
				if k.Type() == &object.StrType {
					names = append(names, object.As[Str](k).S)
				}
			}
		}
	}
	locals := f.localsOf(th.T)
	if d, ok := object.AsDict(locals); ok {
		if self := d.GetStr(object.N.Self); self.Ref != nil && f.code.C.Flags&1 != 0 {
			if v, err := object.LookupAttr(th.T, self, th.T.Intern(wrong)); err == nil && v.Ref != nil {
				return "self." + wrong
			}
		}
	}
	add(locals)
	add(object.Obj(f.fn.globals))
	add(object.Obj(f.fn.builtins))
	return suggestion(wrong, names)
}
