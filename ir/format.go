package ir

import "strings"

// Format lays out IR text in one way: labels at the margin, instructions and
// initial data indented by two, one space between tokens. Comments, names and
// the form of literals stay. The error is a *ParseError.
func Format(name, src string) (string, error) {
	if _, err := Parse(name, src); err != nil {
		return "", err
	}
	var out strings.Builder
	inside, blank := false, true
	lines := strings.Split(src, "\n")
	for i := 0; i < len(lines); i++ {
		text := strings.TrimSpace(lines[i])
		if text == "" {
			if !blank && !inside {
				out.WriteByte('\n')
			}
			blank = true
			continue
		}
		blank = false
		f := formatLine(text)
		for f.open && i+1 < len(lines) { // a statement over several lines stays so
			i++
			f.text += "\n    " + strings.TrimSpace(lines[i])
			f.open = formatLine(strings.TrimSpace(strings.ReplaceAll(f.text, "\n", " "))).open
		}
		if f.closes {
			inside = false
		}
		if inside && !f.label {
			out.WriteString("  ")
		}
		out.WriteString(f.text + "\n")
		if f.opens {
			inside = true
		}
	}
	return strings.TrimRight(out.String(), "\n") + "\n", nil
}

type formatted struct {
	text                 string
	label, opens, closes bool // ends in ':', ends in '{', begins with '}'
	open                 bool // a bracket is not closed
}

// formatLine joins the tokens of a line, which parses, with the right spaces.
func formatLine(line string) (f formatted) {
	l := &lexer{src: line, line: 1}
	var b strings.Builder
	var brackets []byte
	var prev, prev2 token
	first := true
	end := 0
	for {
		t := l.next()
		if t.kind == tokEOF || t.kind == tokLine {
			break
		}
		if !first && spaced(prev2, prev, t, brackets) {
			b.WriteByte(' ')
		}
		b.WriteString(line[t.col-1 : l.at])
		if first {
			f.closes = t.text == "}" && t.kind == tokPunct
		}
		switch {
		case t.kind != tokPunct:
		case t.text == "(" || t.text == "[" || t.text == "!":
			brackets = append(brackets, t.text[0])
		case (t.text == ")" || t.text == "]") && len(brackets) > 0:
			brackets = brackets[:len(brackets)-1]
		}
		first = false
		prev2, prev, end = prev, t, l.at
	}
	f.label = prev.kind == tokPunct && prev.text == ":"
	f.opens = prev.kind == tokPunct && prev.text == "{"
	f.open = l.depth > 0
	if rest := strings.TrimSpace(line[end:]); rest != "" {
		if !first {
			b.WriteString("  ")
		}
		b.WriteString(rest)
	}
	f.text = b.String()
	return f
}

// spaced reports whether a space stands between two tokens.
func spaced(prev2, prev, t token, brackets []byte) bool {
	p := func(t token, s string) bool { return t.kind == tokPunct && t.text == s }
	in := byte(0)
	if len(brackets) > 0 {
		in = brackets[len(brackets)-1]
	}
	switch {
	case p(t, ","), p(t, ")"), p(t, "]"), p(t, ":"), p(prev, "("), p(prev, "["), p(prev, "!"):
		return false
	case p(t, "("):
		return p(prev, ",") || p(prev, "=") || p(prev, ")") || prev.kind == tokIdent && prev.text == "->"
	case p(prev, ":"):
		return in == '['
	case p(prev, "-"): // minus sign or subtraction of an offset
		return prev2.kind == tokValue || prev2.kind == tokSym
	}
	return true
}
