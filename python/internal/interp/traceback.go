package interp

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"martlet/python/ast"
	"martlet/python/object"
	"martlet/python/parser"
)

// Printing of exceptions as CPython 3.13 does it: chained causes and contexts, groups drawn as a tree, source lines with
// markers under the failing part, suggestions for misspelt names.

const (
	causeText   = "\nThe above exception was the direct cause of the following exception:\n\n"
	contextText = "\nDuring handling of the above exception, another exception occurred:\n\n"
	maxGroup    = 15
	maxDepth    = 10
)

type printer struct {
	th     *Thread
	out    strings.Builder
	indent int  // of groups
	need   bool // the group's closing line is still to come
	seen   map[*Exception]bool
}

// FormatException gives the text that sys.excepthook prints.
func FormatException(t *object.Thread, e *Exception) string {
	p := &printer{th: of(t), seen: map[*Exception]bool{}}
	p.exception(e)
	return p.out.String()
}

// write prints text indented for the current group, each line led by prefix.
func (p *printer) write(text, margin string) {
	if p.indent == 0 {
		p.out.WriteString(text)
		return
	}
	pad := strings.Repeat(" ", 2*p.indent) + margin + " "
	for _, line := range strings.SplitAfter(text, "\n") {
		if line == "" {
			continue
		}
		p.out.WriteString(pad)
		p.out.WriteString(line)
	}
}

func (p *printer) exception(e *Exception) {
	type link struct {
		e    *Exception
		text string
	}
	var chain []link
	text := ""
	for x := e; x != nil; {
		chain = append(chain, link{x, text})
		p.seen[x] = true
		var next *Exception
		switch {
		case x.Cause != nil:
			next, text = x.Cause, causeText
		case x.Context != nil && !x.Suppress:
			next, text = x.Context, contextText
		}
		if next == nil || p.seen[next] {
			break
		}
		x = next
	}
	for i := len(chain) - 1; i >= 0; i-- {
		p.one(chain[i].e)
		if i > 0 {
			p.write(chain[i].text, "|")
		}
	}
}

func (p *printer) one(e *Exception) {
	if !e.IsA(&object.BaseExceptionGroupType) {
		if e.TB != nil {
			p.write("Traceback (most recent call last):\n", "|")
			p.write(p.th.formatTB(e.TB), "|")
		}
		p.write(p.th.formatOnly(e), "|")
		return
	}
	if p.indent > maxDepth {
		p.write(fmt.Sprintf("... (max_group_depth is %d)\n", maxDepth), "|")
		return
	}
	top := p.indent == 0
	if top {
		p.indent++
	}
	if e.TB != nil {
		margin := "|"
		if top {
			margin = "+"
		}
		p.write("Exception Group Traceback (most recent call last):\n", margin)
		p.write(p.th.formatTB(e.TB), "|")
	}
	p.write(p.th.formatOnly(e), "|")
	p.members(e.GroupItems())
	if top {
		p.indent = 0
	}
}

func (p *printer) members(items []Value) {
	n := len(items)
	shown := n
	if n > maxGroup {
		shown = maxGroup + 1
	}
	p.need = false
	for i := range shown {
		last := i == shown-1
		if last {
			p.need = true
		}
		title := fmt.Sprint(i + 1)
		truncated := i >= maxGroup
		if truncated {
			title = "..."
		}
		pad := strings.Repeat(" ", 2*p.indent)
		lead := "  "
		if i == 0 {
			lead = "+-"
		}
		p.out.WriteString(pad + lead + "+---------------- " + title + " ----------------\n")
		p.indent++
		if truncated {
			rest := n - maxGroup
			p.write(fmt.Sprintf("and %d more exception%s\n", rest, ess(rest)), "|")
		} else {
			p.exception(object.As[Exception](items[i]))
		}
		if last && p.need {
			p.out.WriteString(strings.Repeat(" ", 2*p.indent) + "+------------------------------------\n")
			p.need = false
		}
		p.indent--
	}
}

// formatOnly is the exception itself: SyntaxError's place, type and message, notes.
func (th *Thread) formatOnly(e *Exception) string {
	t := th.T
	name := e.Shape.Type.FullName()
	if m := e.Shape.Type.ModuleName(); m == "__main__" {
		name = e.Shape.Type.QualName
	}
	var b strings.Builder
	if e.IsA(&object.SyntaxErrorType) {
		th.formatSyntax(&b, e, name)
	} else {
		msg := "<exception str() failed>"
		if s, err := object.ToStr(t, e.Value()); err == nil {
			msg = s.S
		}
		msg += th.suggest(e, msg)
		b.WriteString(name)
		if msg != "" {
			b.WriteString(": " + msg)
		}
		b.WriteByte('\n')
	}
	th.notes(&b, e)
	return b.String()
}

func (th *Thread) notes(b *strings.Builder, e *Exception) {
	t := th.T
	notes, err := object.LookupAttr(t, e.Value(), object.N.Notes)
	if err != nil || notes.Ref == nil || notes.IsNone() {
		return
	}
	if notes.Type().Flags&(object.FList|object.FTuple) == 0 {
		b.WriteString(reprOf(t, notes) + "\n")
		return
	}
	items, err := object.Collect(t, notes)
	if err != nil {
		return
	}
	for _, n := range items {
		s, err := object.ToStr(t, n)
		if err != nil {
			b.WriteString("<note str() failed>\n")
			continue
		}
		for _, line := range strings.Split(s.S, "\n") {
			b.WriteString(line + "\n")
		}
	}
}

func intField(v Value) (int, bool) {
	if v.IsInt() {
		return int(v.Int64()), true
	}
	return 0, false
}

func (th *Thread) formatSyntax(b *strings.Builder, e *Exception, name string) {
	t := th.T
	text := func(i int) string {
		if v := e.Field(i); v.Type().Flags&object.FStr != 0 {
			return object.As[Str](v).S
		}
		return ""
	}
	line, hasLine := intField(e.Field(object.SynLineno))
	if hasLine {
		file := text(object.SynFilename)
		if file == "" {
			file = "<string>"
		}
		fmt.Fprintf(b, "  File \"%s\", line %d\n", file, line)
	}
	src := text(object.SynText)
	if src != "" && hasLine {
		rtext := strings.TrimRight(src, "\n")
		ltext := strings.TrimLeft(rtext, " \n\f")
		spaces := len(rtext) - len(ltext)
		off, hasOff := intField(e.Field(object.SynOffset))
		if !hasOff {
			fmt.Fprintf(b, "    %s\n", ltext)
		} else {
			endLine, sameLine := intField(e.Field(object.SynEndLineno))
			end, ok := intField(e.Field(object.SynEndOffset))
			if !ok || end == 0 {
				end = off
			}
			n := utf8.RuneCountInString(rtext)
			if !sameLine || line != endLine {
				end = n + 1
			}
			whole := utf8.RuneCountInString(src)
			if off > whole {
				off = n + 1
			}
			if end > whole {
				end = n + 1
			}
			if off >= end || end < 0 {
				end = off + 1
			}
			col, endCol := off-1-spaces, end-1-spaces
			fmt.Fprintf(b, "    %s\n", ltext)
			if col >= 0 {
				b.WriteString("    ")
				for i, r := range []rune(ltext) {
					if i >= col {
						break
					}
					if unicode.IsSpace(r) {
						b.WriteRune(r)
					} else {
						b.WriteByte(' ')
					}
				}
				if k := utf8.RuneCountInString(ltext); col > k {
					b.WriteString(strings.Repeat(" ", col-k))
				}
				b.WriteString(strings.Repeat("^", max(endCol-col, 1)) + "\n")
			}
		}
	}
	msg := text(object.SynMsg)
	v := e.Field(object.SynMsg)
	if ok, err := object.Truth(t, v); err == nil && !ok {
		msg = "<no detail available>"
	} else if msg == "" {
		if s, err := object.ToStr(t, v); err == nil {
			msg = s.S
		}
	}
	if msg == "" {
		msg = "<no detail available>"
	}
	suffix := ""
	if !hasLine && text(object.SynFilename) != "" {
		suffix = " (" + text(object.SynFilename) + ")"
	}
	fmt.Fprintf(b, "%s: %s%s\n", name, msg, suffix)
}

// formatTB is the list of frames, repeated ones folded.
func (th *Thread) formatTB(tb *object.Traceback) string {
	var b strings.Builder
	lastFile, lastName, lastLine, count := "", "", 0, 0
	flush := func() {
		if count > 3 {
			n := count - 3
			fmt.Fprintf(&b, "  [Previous line repeated %d more time%s]\n", n, ess(n))
		}
	}
	for ; tb != nil; tb = tb.Next {
		f, ok := frameOf(tb)
		if !ok {
			continue
		}
		file, name := f.code.C.Filename, f.code.C.Name
		if file == lastFile && name == lastName && tb.Lineno == lastLine {
			count++
		} else {
			flush()
			lastFile, lastName, lastLine, count = file, name, tb.Lineno, 1
		}
		if count > 3 {
			continue
		}
		fmt.Fprintf(&b, "  File \"%s\", line %d, in %s\n", file, tb.Lineno, name)
		th.sourceLines(&b, f.code.visible(), tb)
	}
	flush()
	return b.String()
}

// sourceLines prints the failing source with its markers.
func (th *Thread) sourceLines(b *strings.Builder, c *Code, tb *object.Traceback) {
	lines := th.in.lines(th.T, c.C.Filename)
	first, last := tb.Lineno, tb.Lineno
	col, endCol := -1, -1
	if tb.LastI >= 0 && tb.LastI < len(c.C.Positions) {
		p := c.C.Positions[tb.LastI]
		if int(p.Line) == tb.Lineno && p.Col >= 0 {
			last, col, endCol = int(p.EndLine), int(p.Col), int(p.EndCol)
		}
	}
	if first < 1 || first > len(lines) {
		return
	}
	last = min(max(last, first), len(lines))
	seg := lines[first-1 : last]
	if strings.TrimSpace(seg[0]) == "" && len(seg) == 1 {
		return
	}
	if col < 0 {
		b.WriteString("    " + strings.TrimSpace(seg[0]) + "\n")
		return
	}
	if tb.Lookup {
		seg, endCol = methodPart(seg, col, endCol)
	}
	b.WriteString(markLines(seg, col, endCol))
}

// methodPart cuts the call that stands in lines, from column col of the first to endCol of the last, down to its method: obj.name.
func methodPart(lines []string, col, endCol int) ([]string, int) {
	n := len(lines)
	text := strings.Join(lines, "")
	stop := len(text) - len(lines[n-1]) + endCol
	if col > stop || stop > len(text) {
		return lines, endCol
	}
	m, err := parser.Parse("("+text[col:stop]+")", parser.Options{Mode: parser.Eval})
	if err != nil {
		return lines, endCol
	}
	call, ok := m.(*ast.Expression).Body.(*ast.Call)
	if !ok {
		return lines, endCol
	}
	at := call.Func.Span()
	end := int(at.EndCol)
	if at.EndLine == 1 {
		end += col - 1 // the bracket
	}
	return lines[:at.EndLine], end
}

// dedent removes the common leading blanks.
func dedent(lines []string) ([]string, int) {
	margin := -1
	for _, l := range lines {
		t := strings.TrimLeft(l, " \t\f")
		if t == "" {
			continue
		}
		if n := len(l) - len(t); margin < 0 || n < margin {
			margin = n
		}
	}
	margin = max(margin, 0)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.TrimRight(l, " \t\r\n\f")
		if len(out[i]) >= margin {
			out[i] = out[i][margin:]
		} else {
			out[i] = ""
		}
	}
	return out, margin
}

func charOffset(line string, bytes int) int {
	return utf8.RuneCountInString(line[:min(max(bytes, 0), len(line))])
}

// markLines gives source lines with carets under [startByte of the first, endByte of the last).
func markLines(orig []string, startByte, endByte int) string {
	lines, margin := dedent(orig)
	n := len(lines)
	start := max(charOffset(orig[0], startByte)-margin, 0)
	end := max(charOffset(orig[n-1], endByte)-margin, 0)
	runes := make([][]rune, n)
	for i, l := range lines {
		runes[i] = []rune(l)
	}
	start, end = min(start, len(runes[0])), min(end, len(runes[n-1]))
	var seg string
	if n == 1 {
		seg = string(runes[0][start:max(end, start)])
	} else {
		seg = string(runes[0][start:]) + "\n" + strings.Join(lines[1:n-1], "\n")
		if n > 2 {
			seg += "\n"
		}
		seg += string(runes[n-1][:end])
	}
	an := findAnchors(seg)
	show := showCarets(start, end, lines, runes, an != nil)
	primary, secondary := '^', '^'
	sig := map[int]bool{0: true, n - 1: true}
	if an != nil {
		primary, secondary = '~', '^'
		if an.l0 == 0 {
			an.c0 += start
		}
		if an.l1 == 0 {
			an.c1 += start
		}
		for d := -1; d <= 1; d++ {
			sig[an.l0+d], sig[an.l1+d] = true, true
		}
	}
	var out []string
	emit := func(i int) {
		out = append(out, string(runes[i]))
		if !show {
			return
		}
		blanks := len(runes[i]) - len([]rune(strings.TrimLeft(string(runes[i]), " \t\f")))
		stop := displayWidth(runes[i])
		if i == n-1 {
			stop = displayWidth(runes[i][:end])
		}
		var car []rune
		dstart := displayWidth(runes[0][:start])
		for c := range stop {
			switch {
			case c < blanks || i == 0 && c < dstart:
				car = append(car, ' ')
			case an != nil && (i > an.l0 || i == an.l0 && c >= displayWidth(runes[i][:min(an.c0, len(runes[i]))])) &&
				(i < an.l1 || i == an.l1 && c < displayWidth(runes[i][:min(an.c1, len(runes[i]))])):
				car = append(car, secondary)
			default:
				car = append(car, primary)
			}
		}
		out = append(out, string(car))
	}
	prev := -1
	for i := range n {
		if !sig[i] {
			continue
		}
		if prev >= 0 {
			switch d := i - prev; {
			case d == 2:
				emit(i - 1)
			case d > 2:
				out = append(out, fmt.Sprintf("...<%d lines>...", d-1))
			}
		}
		emit(i)
		prev = i
	}
	var b strings.Builder
	for _, l := range out {
		b.WriteString("    " + l + "\n")
	}
	return b.String()
}

func displayWidth(r []rune) int {
	w := 0
	for _, c := range r {
		w++
		if c >= 0x1100 && (c <= 0x115f || c >= 0x2e80 && c <= 0xa4cf || c >= 0xac00 && c <= 0xd7a3 || c >= 0xf900 && c <= 0xfaff ||
			c >= 0xfe30 && c <= 0xfe6f || c >= 0xff00 && c <= 0xff60 || c >= 0x1f300 && c <= 0x1faff || c >= 0x20000 && c <= 0x3fffd) {
			w++
		}
	}
	return w
}

func showCarets(start, end int, lines []string, runes [][]rune, anchors bool) bool {
	n := len(lines)
	if m, err := parser.Parse(strings.Join(lines, "\n"), parser.Options{}); err == nil {
		mod, ok := m.(*ast.Module)
		if !ok || len(mod.Body) == 0 {
			return false
		}
		var v *ast.Pos
		switch s := mod.Body[0].(type) {
		case *ast.Return:
			if c, ok := s.Value.(*ast.Call); ok {
				if _, ok := c.Func.(*ast.Name); ok {
					v = c.Span()
				}
			}
		case *ast.Assign:
			if _, ok := s.Targets[0].(*ast.Name); ok && len(s.Targets) == 1 {
				if c, ok := s.Value.(*ast.Call); ok {
					v = c.Span()
				}
			}
		}
		if v != nil && v.Line == 1 && int(v.EndLine) == n && int(v.Col) == start && int(v.EndCol) == end {
			return false
		}
	}
	if anchors {
		return true
	}
	return strings.TrimSpace(string(runes[0][:start])) != "" || strings.TrimSpace(string(runes[n-1][end:])) != ""
}

// anchors mark the operator of a binary operation or the brackets of a call or subscript: from (l0, c0) to (l1, c1).
type anchors struct{ l0, c0, l1, c1 int }

func findAnchors(seg string) *anchors {
	m, err := parser.Parse("(\n"+seg+"\n)", parser.Options{})
	if err != nil {
		return nil
	}
	mod, ok := m.(*ast.Module)
	if !ok || len(mod.Body) != 1 {
		return nil
	}
	st, ok := mod.Body[0].(*ast.ExprStmt)
	if !ok {
		return nil
	}
	lines := strings.Split(seg, "\n")
	s := &scanner{lines: lines}
	switch x := st.Value.(type) {
	case *ast.BinOp:
		return s.operator(x)
	case *ast.Subscript:
		return s.bracket(x.Value.Span(), x.Span(), '[')
	case *ast.Call:
		return s.bracket(x.Func.Span(), x.Span(), '(')
	}
	return nil
}

// scanner walks over the characters of a segment.
type scanner struct {
	lines []string
	l, c  int
	bad   bool
}

func (s *scanner) line() []rune { return []rune(s.lines[s.l]) }

func (s *scanner) valid() {
	for s.l < len(s.lines) && s.c >= len(s.line()) {
		s.c = 0
		s.l++
	}
	s.bad = s.bad || s.l >= len(s.lines)
}

func (s *scanner) at(line, bytes int32) {
	s.l = int(line) - 2
	if s.l < 0 || s.l >= len(s.lines) {
		s.bad = true
		return
	}
	s.c = charOffset(s.lines[s.l], int(bytes))
}

func (s *scanner) until(stop func(r rune) bool) {
	for !s.bad {
		r := s.line()[s.c]
		switch {
		case r == '\\' || r == '#':
			s.l, s.c = s.l+1, 0
		case !stop(r):
			s.c++
		default:
			return
		}
		s.valid()
	}
}

func (s *scanner) operator(x *ast.BinOp) *anchors {
	left, right := x.Left.Span(), x.Right.Span()
	s.at(left.EndLine, left.EndCol)
	if s.bad {
		return nil
	}
	s.valid()
	s.until(func(r rune) bool { return !unicode.IsSpace(r) && r != ')' })
	if s.bad {
		return nil
	}
	line, end := s.line(), s.c+1
	rl := int(right.Line) - 2
	if end < len(line) && (rl > s.l || rl >= 0 && rl < len(s.lines) && end < charOffset(s.lines[rl], int(right.Col))) &&
		!unicode.IsSpace(line[end]) && line[end] != '\\' && line[end] != '#' {
		end++
	}
	return &anchors{s.l, s.c, s.l, end}
}

func (s *scanner) bracket(inner, whole *ast.Pos, open rune) *anchors {
	s.at(inner.EndLine, inner.EndCol)
	if s.bad {
		return nil
	}
	s.valid()
	s.until(func(r rune) bool { return r == open })
	if s.bad {
		return nil
	}
	l0, c0 := s.l, s.c
	s.at(whole.EndLine, whole.EndCol)
	if s.bad {
		return nil
	}
	return &anchors{l0, c0, s.l, s.c}
}
