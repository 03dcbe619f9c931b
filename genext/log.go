package genext

import (
	"fmt"
	"math"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"martlet/ir"
)

// The log of a run: for every piece of compiled code its residual ops with the
// line of the interpreter and the bytecode (the greens) that each comes from, the
// values that promotions saw, and why it stops where it does. While code is specialised the
// column of a position is the number of its bytecode.

// trace is what is noted of a region for the log.
type trace struct {
	names     []string // of the green words; "" for those that are not shown
	bytecodes []string // greens by number, from 1
	promoted  []string
}

// greenNames names the green words that are numbers, by the fields of their struct.
func greenNames(t reflect.Type, ws []word) []string {
	names := make([]string, len(ws))
	if t.Kind() != reflect.Struct {
		return names
	}
	for i := range t.NumField() {
		f := t.Field(i)
		for k, w := range ws {
			if w.off == f.Offset && w.typ.IsInt() && f.Type.Size() <= 8 {
				names[k] = f.Name
			}
		}
	}
	return names
}

// bytecode numbers the greens of a merge point.
func (t *trace) bytecode(greens []box) uint16 {
	var b strings.Builder
	for i, g := range greens {
		if t.names[i] != "" {
			fmt.Fprintf(&b, " %s %d", t.names[i], g.n)
		}
	}
	text := b.String()
	for i, have := range t.bytecodes {
		if have == text {
			return uint16(i + 1)
		}
	}
	if len(t.bytecodes) == math.MaxUint16 {
		return 0
	}
	t.bytecodes = append(t.bytecodes, text)
	return uint16(len(t.bytecodes))
}

// values notes what a promotion saw.
func (t *trace) values(m *ir.Module, pos ir.Pos, sv *values) {
	if t == nil {
		return
	}
	what := "nothing yet"
	switch {
	case sv != nil && sv.mega:
		what = "too many values"
	case sv != nil && len(sv.words) > 0:
		var b strings.Builder
		for i, w := range sv.words {
			fmt.Fprintf(&b, " %#x (%d times)", w, sv.count[i])
		}
		what = b.String()[1:]
	}
	t.promoted = append(t.promoted, fmt.Sprintf("promotion%s saw %s", t.where(m, pos), what))
}

// where says where a residual op comes from.
func (t *trace) where(m *ir.Module, pos ir.Pos) string {
	s := ""
	if n := int(pos.File); n > 0 && n <= len(m.Files) {
		s = fmt.Sprintf(" %s:%d", path.Base(m.Files[n-1]), pos.Line)
	}
	if n := int(pos.Col); n > 0 && n <= len(t.bytecodes) {
		s += t.bytecodes[n-1]
	}
	return s
}

var printedPos = regexp.MustCompile(` !(\d+):(\d+):(\d+)$`)

// listing is what the log says of a region.
func (d *door) listing(r *region) string {
	if r.trace == nil {
		return ""
	}
	return r.listing()
}

// listing is the residual code with what the trace knows.
func (r *region) listing() string {
	var b strings.Builder
	m := r.fn.Module
	for line := range strings.Lines(r.fn.Text(ir.PrintPos)) {
		line = strings.TrimSuffix(line, "\n")
		if p := printedPos.FindStringSubmatch(line); p != nil {
			file, _ := strconv.Atoi(p[1])
			row, _ := strconv.Atoi(p[2])
			col, _ := strconv.Atoi(p[3])
			line = strings.TrimSuffix(line, p[0])
			line = fmt.Sprintf("%-60s ;%s", line, r.trace.where(m, ir.Pos{File: uint16(file), Line: int32(row), Col: uint16(col)}))
		}
		b.WriteString(line + "\n")
	}
	for _, p := range r.trace.promoted {
		b.WriteString(p + "\n")
	}
	for _, sn := range r.exits {
		fmt.Fprintf(&b, "exit %d:%s: %s\n", sn.id, r.trace.where(m, sn.at), sn.why)
	}
	return b.String()
}
