package parser

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The words and places of syntax errors.

// diagnose finds the error of a text that the fast parser rejected. If the input ended before the text was known to be wrong, the error
// is marked so that an interactive reader can ask for more.
func diagnose(src string, opt *Options, fast *parser) *SyntaxError {
	if strings.IndexByte(src, 0) >= 0 {
		return &SyntaxError{Kind: "SyntaxError", Msg: "source code string cannot contain null bytes", NoPlace: true, NoText: true}
	}
	lx := &lexer{}
	lx.warn = func(w Warning) {
		if lx.pos > fast.lx.pos { // the fast parser has not come so far
			fast.warn(w)
		}
	}
	lx.init(src)
	p := &peg{g: pegGrammar(), lx: lx, src: lx.src, opt: opt}
	rule := map[Mode]string{Exec: "file", Eval: "eval", Single: "single", FuncType: "func_type"}[opt.Mode]
	ok, err := p.run(rule, false)
	ended := lx.eof || lx.err == nil && lx.pos >= len(lx.src)
	e := p.find(rule, ok, err, fast)
	e.IncompleteIn = e.IncompleteIn || ended && !ok
	return e
}

// find goes on from the first pass, whose result is given.
func (p *peg) find(rule string, ok bool, err *SyntaxError, fast *parser) *SyntaxError {
	switch {
	case ok && fast.errIn > 0:
		p.toks = p.toks[:p.fstringEnd(fast.errIn)+1] // CPython has read so far
		return p.atToken(fast.err.Kind, len(p.toks)-1, fast.err.Msg)
	case ok && fast.err != nil:
		return p.complete(fast.err)
	case ok && fast.bareEnd:
		p.token(1 << 30)
		return p.generic(len(p.toks) - 1)
	case ok && p.opt.Mode == Single:
		return p.afterSingle()
	}
	if err != nil && p.lx.err == nil && !p.early { // found by the parser: the second pass may know better
		if _, better := p.run(rule, true); better != nil {
			err = better
		}
	}
	if err == nil && !ok {
		last := len(p.toks) - 1
		_, err = p.run(rule, true)
		if err == nil {
			return p.generic(last)
		}
	}
	if err == nil {
		return p.generic(len(p.toks) - 1)
	}
	return p.checkRest(p.complete(err))
}

// afterSingle reports what follows a single statement.
func (p *peg) afterSingle() *SyntaxError {
	return p.atToken("SyntaxError", len(p.toks)-1, "multiple statements found while compiling a single statement")
}

// complete fills in the place of an error that has only a message.
func (p *peg) complete(e *SyntaxError) *SyntaxError {
	if e.Line == 0 && !e.NoPlace {
		at := p.atToken(e.Kind, len(p.toks)-1, e.Msg)
		at.IncompleteIn = e.IncompleteIn
		return at
	}
	return e
}

// checkRest reads the tokens that follow; an error among them is reported in place of e.
func (p *peg) checkRest(e *SyntaxError) *SyntaxError {
	if e.Kind != "SyntaxError" || p.lx.err != nil || len(p.toks) == 0 {
		return e
	}
	line := p.toks[len(p.toks)-1].Line
	for {
		t := p.lx.next()
		switch {
		case t.Kind == ErrorToken && len(p.lx.fstrings) > 0:
			return e
		case t.Kind == EndMarker:
			return e
		case t.Kind != ErrorToken:
			continue
		}
		if !p.lx.lazy {
			return p.lx.err
		}
		if n := len(p.lx.parens); n > 0 && line > p.lx.parens[n-1].line {
			return p.lx.unclosed()
		}
		return e
	}
}

// generic is the error at a token that fits nowhere.
func (p *peg) generic(last int) *SyntaxError {
	switch p.toks[last].Kind {
	case Indent:
		return p.atToken("IndentationError", len(p.toks)-1, "unexpected indent")
	case Dedent:
		return p.atToken("IndentationError", len(p.toks)-1, "unexpected unindent")
	}
	t := &p.toks[last]
	if t.Kind == EndMarker { // it has no columns
		line := strings.Count(p.src, "\n")
		return p.checkRest(p.located("SyntaxError", line, 0, line, 0, "invalid syntax"))
	}
	return p.checkRest(p.located("SyntaxError", int(t.Line), int(t.Col)+1, int(t.EndLine), int(t.EndCol)+1, "invalid syntax"))
}

// lineText is line n of the source, with its newline.
func (p *peg) lineText(n int) string {
	s := p.src
	for ; n > 1; n-- {
		i := strings.IndexByte(s, '\n')
		if i < 0 {
			return ""
		}
		s = s[i+1:]
	}
	return lineAt(s, 0)
}

// located makes an error; columns count bytes from 1 and become characters.
func (p *peg) located(kind string, line, col, endLine, endCol int, msg string) *SyntaxError {
	text := p.lineText(line)
	if n := len(p.toks); n > 0 && line < int(p.toks[n-1].EndLine) && line < strings.Count(p.src, "\n") { // of a line that lies behind it, CPython's lexer gives no newline
		text = strings.TrimSuffix(text, "\n")
	}
	chars := func(n int) int {
		if n <= 0 {
			return n
		}
		return utf8.RuneCountInString(text[:min(n-1, len(text))]) + 1
	}
	return &SyntaxError{Kind: kind, Msg: msg, Line: line, Col: chars(col), EndLine: endLine, EndCol: chars(endCol), Text: text}
}

// absent says whether t is the newline that the lexer adds at the end, where CPython adds none.
func (p *peg) absent(t *Token) bool {
	return t.Kind == Newline && p.lx.noNewline && p.opt.Mode != Exec && int(t.Off) >= len(p.src)-1
}

// atToken makes an error at token i. Indents, dedents and the end have no extent: their place is where the lexer stands.
func (p *peg) atToken(kind string, i int, msg string) *SyntaxError {
	t := &p.toks[max(i, 0)]
	kindOf := t.Kind
	if p.absent(t) {
		kindOf = EndMarker
	}
	switch kindOf {
	case Indent, Dedent, EndMarker:
		line, col := int(t.Line), p.lx.pos-p.lx.lineStart
		if kindOf != t.Kind || t.Off >= int32(len(p.src)) && strings.HasSuffix(p.src, "\n") {
			line = strings.Count(p.src, "\n")
			col = len(p.lineText(line))
			if p.lx.noNewline && p.opt.Mode != Exec {
				col-- // only a file's last line gets a newline
			}
		}
		e := p.located(kind, line, 0, line, 0, msg)
		e.Col, e.EndCol = utf8.RuneCountInString(e.Text[:min(col, len(e.Text))]), -1
		return e
	}
	return p.located(kind, int(t.Line), int(t.Col)+1, int(t.EndLine), int(t.EndCol)+1, msg)
}

// between makes an error from token first to token last.
func (p *peg) between(first, last int, msg string) *SyntaxError {
	a, b := &p.toks[first], &p.toks[last]
	return p.located("SyntaxError", int(a.Line), int(a.Col)+1, int(b.EndLine), int(b.EndCol)+1, msg)
}

func (p *peg) forced(text string) *SyntaxError {
	t := &p.toks[p.pos]
	return p.located("SyntaxError", int(t.Line), int(t.Col)+1, int(t.EndLine), int(t.EndCol)+1, "expected '"+text+"'")
}

// nodeNames are the names of expressions in messages.
var nodeNames = map[string]string{"Attribute": "attribute", "Subscript": "subscript", "Starred": "starred", "Name": "name", "List": "list", "Tuple": "tuple",
	"Lambda": "lambda", "Call": "function call", "BoolOp": "expression", "BinOp": "expression", "UnaryOp": "expression", "GeneratorExp": "generator expression",
	"Yield": "yield expression", "Await": "await expression", "ListComp": "list comprehension", "SetComp": "set comprehension",
	"DictComp": "dict comprehension", "Dict": "dict literal", "Set": "set display", "JoinedStr": "f-string expression", "Literal": "literal",
	"None": "None", "True": "True", "False": "False", "Ellipsis": "ellipsis", "Compare": "comparison", "IfExp": "conditional expression",
	"NamedExpr": "named expression"}

func nodeName(n *pnode) string { return nodeNames[leaf(n).kind] }

// invalidTarget finds the part of n that cannot be assigned to, deleted, or looped over; nil if there is none.
func (p *peg) invalidTarget(n *pnode, use string) *pnode {
	n = leaf(n)
	switch n.kind {
	case "List", "Tuple":
		for _, k := range n.kids {
			if bad := p.invalidIn(k, use); bad != nil {
				return bad
			}
		}
		return nil
	case "Starred":
		if use == "del" {
			return n
		}
		return p.invalidTarget(n.kids[1], use)
	case "Compare":
		if use == "for" {
			if p.toks[n.kids[0].last+1].Kind == KwIn {
				return p.invalidTarget(n.kids[0], use)
			}
			return nil
		}
		return n
	case "Name", "Subscript", "Attribute":
		return nil
	}
	return n
}

// invalidIn looks through the parts of a display: elements, lists of elements, commas.
func (p *peg) invalidIn(n *pnode, use string) *pnode {
	switch n.kind {
	case "tok", "none", "look":
		return nil
	case "*", "", "Elements":
		for _, k := range n.kids {
			if bad := p.invalidIn(k, use); bad != nil {
				return bad
			}
		}
		return nil
	}
	return p.invalidTarget(n, use)
}

func (p *peg) raise(e *SyntaxError) *pnode { panic(raised{e}) }

// act runs an alternative's action. nil: the rule fails.
func (p *peg) act(a *pegAlt, n, x, y *pnode) *pnode {
	switch a.action {
	case "at":
		return p.raise(p.between(x.first, x.last, a.text))
	case "at_param":
		last := x.last
		if p.toks[last].Kind == Comma {
			last--
		}
		return p.raise(p.between(x.first, last, a.text))
	case "range":
		return p.raise(p.between(x.first, p.lastToken(y), a.text))
	case "range1":
		return p.raise(p.between(x.first, x.last, a.text))
	case "from":
		t := &p.toks[x.first]
		e := &p.toks[len(p.toks)-1]
		if p.absent(t) {
			return p.raise(p.located("SyntaxError", int(t.Line), 0, int(e.EndLine), int(t.Col), a.text))
		}
		return p.raise(p.located("SyntaxError", int(t.Line), int(t.Col)+1, int(e.EndLine), int(e.EndCol), a.text))
	case "last":
		return p.raise(p.atToken("SyntaxError", len(p.toks)-1, a.text))
	case "next":
		p.token(p.pos)
		return p.raise(p.atToken("SyntaxError", p.pos, a.text))
	case "indent":
		return p.raise(p.atToken("IndentationError", len(p.toks)-1, a.text))
	case "block":
		msg := fmt.Sprintf("expected an indented block after %s on line %d", a.text, p.toks[x.first].Line)
		return p.raise(p.atToken("IndentationError", len(p.toks)-1, msg))
	case "star_target", "for_target", "del_target":
		return p.badTarget(a.action, x)
	}
	return p.rareAct(a, n, x, y)
}

// lastToken is the last token of a node, that of a comprehension's clauses included.
func (p *peg) lastToken(n *pnode) int { return n.last }

func (p *peg) badTarget(action string, x *pnode) *pnode {
	use, _, _ := strings.Cut(action, "_")
	bad := p.invalidTarget(x, use)
	if bad == nil {
		if use == "star" || use == "for" || use == "del" {
			return nil
		}
		return p.raise(p.atToken("SyntaxError", len(p.toks)-1, "invalid syntax"))
	}
	verb := "assign to"
	if use == "del" {
		verb = "delete"
	}
	return p.raise(p.between(bad.first, bad.last, fmt.Sprintf("cannot %s %s", verb, nodeName(bad))))
}

func (p *peg) rareAct(a *pegAlt, n, x, y *pnode) *pnode {
	switch a.action {
	case "strings":
		return p.checkStrings(n)
	case "conversion":
		return p.checkConversion(n, x, y)
	case "complex":
		return p.checkComplex(n)
	case "number":
		return p.checkNumber(n)
	case "forgot_comma":
		if p.legacy(x) || p.levels[p.pos-1] == 0 {
			return nil
		}
		return p.raise(p.between(x.first, y.last, "invalid syntax. Perhaps you forgot a comma?"))
	case "legacy":
		if !p.legacy(x) {
			return nil
		}
		name := p.tokenText(x.first)
		return p.raise(p.between(x.first, y.last, fmt.Sprintf("Missing parentheses in call to '%s'. Did you mean %s(...)?", name, name)))
	case "walrus_target":
		return p.raise(p.between(x.first, x.last, "cannot use assignment expressions with "+nodeName(x)))
	case "cannot_assign_here":
		return p.raise(p.between(x.first, x.last, fmt.Sprintf("cannot assign to %s here. Maybe you meant '==' instead of '='?", nodeName(x))))
	case "cannot_assign_keyword":
		return p.raise(p.between(x.first, y.last, "cannot assign to "+p.tokenText(x.first)))
	case "single_target":
		return p.raise(p.between(x.first, x.last, fmt.Sprintf("only single target (not %s) can be annotated", nodeName(x))))
	case "aug_target":
		return p.raise(p.between(x.first, x.last, fmt.Sprintf("'%s' is an illegal expression for augmented assignment", nodeName(x))))
	case "target_parens":
		last := y.last
		if p.toks[last].Kind == Comma {
			last--
		}
		return p.raise(p.between(x.first, last, "did you forget parentheses around the comprehension target?"))
	case "genexp_in_call":
		return p.genexpInCall(x, y)
	case "argument_order":
		return p.argumentOrder(x)
	case "kvpair":
		t := &p.toks[x.last]
		return p.raise(p.located("SyntaxError", int(p.toks[x.first].Line), int(t.EndCol), int(t.EndLine), 0, "':' expected after dictionary key"))
	case "bound":
		what := "bound"
		if leaf(y).kind == "Tuple" {
			what = "constraints"
		}
		t, e := &p.toks[x.first], &p.toks[len(p.toks)-1]
		return p.raise(p.located("SyntaxError", int(t.Line), int(t.Col)+1, int(e.EndLine), int(e.EndCol), fmt.Sprintf("cannot use %s with %s", what, a.text)))
	case "named_lambda":
		return p.raise(p.atToken("SyntaxError", len(p.toks)-1, "named arguments must follow bare *"))
	}
	panic("parser: no action " + a.action)
}

func (p *peg) tokenText(i int) string { return p.src[p.toks[i].Off:p.toks[i].End] }

// legacy reports whether n is the name print or exec.
func (p *peg) legacy(n *pnode) bool {
	if n.first != n.last || p.toks[n.first].Kind != Name {
		return false
	}
	s := p.tokenText(n.first)
	return s == "print" || s == "exec"
}

// genexpInCall: f(a, b for b in c) is an error, f(b for b in c) is not.
func (p *peg) genexpInCall(args, clauses *pnode) *pnode {
	var l []*pnode
	collectArgs(args, &l)
	if len(l) <= 1 {
		return nil
	}
	return p.raise(p.between(l[len(l)-1].first, clauses.last, "Generator expression must be parenthesized"))
}

// collectArgs lists the arguments in a node.
func collectArgs(n *pnode, l *[]*pnode) {
	switch n.kind {
	case "tok", "none", "look":
	case "", "*", "Args":
		for _, k := range n.kids {
			collectArgs(k, l)
		}
	default:
		*l = append(*l, n)
	}
}

// argumentOrder words the error for a positional argument behind keywords.
func (p *peg) argumentOrder(args *pnode) *pnode {
	var l []*pnode
	collectArgs(args, &l)
	for _, a := range l {
		if a.kind == "DoubleStar" {
			return p.raise(p.atToken("SyntaxError", len(p.toks)-1, "positional argument follows keyword argument unpacking"))
		}
	}
	return p.raise(p.atToken("SyntaxError", len(p.toks)-1, "positional argument follows keyword argument"))
}

// checkStrings decodes literals, for their errors.
func (p *peg) checkStrings(n *pnode) *pnode {
	bytes, text := false, false
	n.kind = "Literal"
	for i := n.first; i <= n.last; i++ {
		t := &p.toks[i]
		switch t.Kind {
		case FStringStart:
			text = true
			n.kind = "JoinedStr"
			i = p.skipFString(i)
			continue
		case String:
		default:
			continue
		}
		v, _, bad := literalValue(p.src[t.Off:t.End], nil)
		if bad != "" {
			return p.raise(p.between(i, i, bad))
		}
		if _, ok := v.(string); ok {
			text = true
		} else {
			bytes = true
		}
	}
	if bytes && text {
		return p.raise(p.atToken("SyntaxError", len(p.toks)-1, "cannot mix bytes and nonbytes literals"))
	}
	return n
}

// skipFString returns the last token of the f-string that starts at token i, decoding its text on the way.
func (p *peg) skipFString(i int) int {
	raw := strings.ContainsAny(p.tokenText(i), "rR")
	for depth := 0; ; i++ {
		switch t := &p.toks[i]; t.Kind {
		case FStringStart:
			depth++
		case FStringEnd:
			if depth--; depth == 0 {
				return i
			}
		case FStringMiddle:
			if !raw {
				if _, bad := decodeString(p.src[t.Off:t.End], func(int, string) {}); bad != "" {
					p.raise(p.atToken("SyntaxError", p.fstringEnd(i), bad))
				}
			}
		}
	}
}

// fstringEnd returns the last token of the innermost f-string around token i: CPython decodes its text when it has read all of it.
func (p *peg) fstringEnd(i int) int {
	for depth := 1; ; i++ {
		switch p.toks[i].Kind {
		case FStringStart:
			depth++
		case FStringEnd:
			if depth--; depth == 0 {
				return i
			}
		}
	}
}

func (p *peg) checkConversion(n, bang, name *pnode) *pnode {
	a, b := &p.toks[bang.first], &p.toks[name.first]
	if a.End != b.Off {
		return p.raise(p.between(bang.first, name.first, "f-string: conversion type must come right after the exclamanation mark"))
	}
	s := p.tokenText(name.first)
	if s != "s" && s != "r" && s != "a" {
		return p.raise(p.between(name.first, name.first, fmt.Sprintf("f-string: invalid conversion character '%s': expected 's', 'r', or 'a'", s)))
	}
	return n
}

// checkComplex wants a real number and an imaginary one.
func (p *peg) checkComplex(n *pnode) *pnode {
	imaginary := func(i int) bool {
		return strings.ContainsAny(p.tokenText(i), "jJ") && p.tokenText(i)[1:] != "" && !isHex(p.tokenText(i))
	}
	if left := n.kids[0].last; imaginary(left) {
		return p.raise(p.between(n.kids[0].first, left, "real number required in complex literal"))
	}
	if !imaginary(n.last) {
		return p.raise(p.between(n.last, n.last, "imaginary number required in complex literal"))
	}
	return n
}

func isHex(s string) bool { return len(s) > 1 && (s[1] == 'x' || s[1] == 'X') }

// checkNumber converts a number, for its error.
func (p *peg) checkNumber(n *pnode) *pnode {
	_, bad := numberValue(strings.ReplaceAll(p.tokenText(n.first), "_", ""), p.opt.MaxDigits)
	if bad != "" {
		return p.raise(p.between(n.first, n.first, bad))
	}
	n.kind = "Literal"
	return n
}
