package interp

import (
	"strings"
	"unicode/utf8"

	"martlet/python/object"
	"martlet/python/parser"
)

// Module _tokenize: the parser's tokens for module tokenize.
//
// The parser skips comments and the newlines that end no statement. What lies between two of its tokens is white space, comments,
// newlines and continuations; with extra_tokens the iterator looks there for the COMMENT and NL tokens. All tokens are read when the
// iterator is made, up to the first lexical error, which is raised in its turn.

var tokenIterType object.Type

// pyToken is a token as tokenize has it; positions are lines from 1 and columns in characters from 0.
type pyToken struct {
	kind                   int
	text                   string
	line, col, eline, ecol int
}

type tokenIter struct {
	object.Object
	tokens []pyToken
	lines  []string
	pos    int
	err    *Exception
}

// Numbers of module token.
const (
	tokNewline = 4
	tokOp      = 55
	tokComment = 62
	tokNL      = 63
)

// tokenNumber numbers the parser's kinds as module token does. Keywords are names.
var tokenNumber = map[parser.Kind]int{
	parser.EndMarker: 0, parser.Name: 1, parser.Number: 2, parser.String: 3, parser.Newline: tokNewline, parser.Indent: 5, parser.Dedent: 6, parser.LPar: 7,
	parser.RPar: 8, parser.LSqb: 9, parser.RSqb: 10, parser.Colon: 11, parser.Comma: 12, parser.Semi: 13, parser.Plus: 14, parser.Minus: 15, parser.Star: 16,
	parser.Slash: 17, parser.VBar: 18, parser.Amper: 19, parser.Less: 20, parser.Greater: 21, parser.Equal: 22, parser.Dot: 23, parser.Percent: 24,
	parser.LBrace: 25, parser.RBrace: 26, parser.EqEqual: 27, parser.NotEqual: 28, parser.LessEqual: 29, parser.GreaterEqual: 30, parser.Tilde: 31,
	parser.Circumflex: 32, parser.LeftShift: 33, parser.RightShift: 34, parser.DoubleStar: 35, parser.PlusEqual: 36, parser.MinEqual: 37,
	parser.StarEqual: 38, parser.SlashEqual: 39, parser.PercentEqual: 40, parser.AmperEqual: 41, parser.VBarEqual: 42, parser.CircumflexEqual: 43,
	parser.LeftShiftEqual: 44, parser.RightShiftEqual: 45, parser.DoubleStarEqual: 46, parser.DoubleSlash: 47, parser.DoubleSlashEqual: 48,
	parser.At: 49, parser.AtEqual: 50, parser.RArrow: 51, parser.Ellipsis: 52, parser.ColonEqual: 53, parser.Exclamation: 54, parser.Op: tokOp,
	parser.FStringStart: 59, parser.FStringMiddle: 60, parser.FStringEnd: 61,
}

// tokenReader gathers the tokens of a source.
type tokenReader struct {
	src    string
	lines  []string
	starts []int // offset of each line
	extra  bool
	out    []pyToken
	line   int // of the offset asked for last
}

func (r *tokenReader) place(off int) (line, col int) {
	for r.line+1 < len(r.starts) && r.starts[r.line+1] <= off {
		r.line++
	}
	for r.line > 0 && r.starts[r.line] > off {
		r.line--
	}
	return r.line + 1, utf8.RuneCountInString(r.src[r.starts[r.line]:off])
}

func (r *tokenReader) add(kind, from, to int) {
	t := pyToken{kind: kind, text: r.src[from:to]}
	t.line, t.col = r.place(from)
	if t.text == "\n" {
		t.eline, t.ecol = t.line, t.col+1
	} else {
		t.eline, t.ecol = r.place(to)
	}
	r.out = append(r.out, t)
}

// between finds comments and newlines in the text between two tokens; the last newline may be one that ends a statement.
func (r *tokenReader) between(from, to int, last int) {
	for i := from; i < to; i++ {
		switch r.src[i] {
		case '#':
			n := strings.IndexByte(r.src[i:to], '\n')
			if n < 0 {
				n = to - i
			}
			r.add(tokComment, i, i+n)
			i += n - 1
		case '\\':
			i++
		case '\n':
			kind := tokNL
			if i == to-1 {
				kind = last
			}
			r.add(kind, i, i+1)
		}
	}
}

// token adds one of the parser's tokens and gives the offset behind it.
func (r *tokenReader) token(t parser.Token, from int) int {
	off, end := int(t.Off), int(t.End)
	if t.Kind == parser.Newline && r.extra {
		if end > off {
			r.between(from, end, tokNewline)
		} else {
			r.between(from, off, tokNL)
			line, col := r.place(off)
			r.out = append(r.out, pyToken{tokNewline, "", line, col, line, col + 1})
		}
		return end
	}
	if r.extra && off > from {
		r.between(from, off, tokNL)
	}
	kind, ok := tokenNumber[t.Kind]
	switch {
	case !ok:
		kind = 1
	case t.Kind.IsOp() && r.extra:
		kind = tokOp
	case t.Kind == parser.EndMarker:
		line := len(r.lines) + 1
		r.out = append(r.out, pyToken{0, "", line, 0, line, 0})
		return end
	case t.Kind == parser.FStringMiddle && end == off:
		return end
	}
	r.add(kind, off, end)
	if t.Kind == parser.FStringMiddle { // of a doubled brace the text has one
		return end + int(t.EndCol) - (end - strings.LastIndexByte(r.src[:end], '\n') - 1)
	}
	return end
}

// readSource calls readline until it gives an empty string or stops.
func readSource(t *object.Thread, readline Value) (string, *Exception) {
	var b strings.Builder
	for {
		line, e := object.Call(t, readline)
		if e != nil {
			if e.IsA(&object.StopIterationType) {
				return b.String(), nil
			}
			return "", e
		}
		text := ""
		switch f := line.Type().Flags; {
		case f&object.FStr != 0:
			text = object.As[Str](line).S
		case f&object.FBytes != 0:
			p, e := object.BufferBytes(t, line)
			if e != nil {
				return "", e
			}
			text = string(p)
		default:
			return "", object.TypeErrorf(t, "readline() returned a non-string object")
		}
		if text == "" {
			return b.String(), nil
		}
		b.WriteString(text)
	}
}

func newTokenIter(t *object.Thread, tp *Type, a []Value) (Value, *Exception) {
	extra, e := object.Truth(t, a[2])
	if e != nil {
		return Value{}, e
	}
	src, e := readSource(t, a[0])
	if e != nil {
		return Value{}, e
	}
	src = parser.Normalize(src)
	it := &tokenIter{Object: object.Object{Shape: &tp.Root}}
	r := &tokenReader{src: src, extra: extra}
	if src != "" && !strings.HasSuffix(src, "\n") {
		r.src += "\n"
	}
	for off := 0; off < len(r.src); {
		n := strings.IndexByte(r.src[off:], '\n') + 1
		r.lines, r.starts = append(r.lines, r.src[off:off+n]), append(r.starts, off)
		off += n
	}
	r.starts = append(r.starts, len(r.src))
	end := 0
	for tok, err := range parser.Tokens(src) {
		if err != nil {
			it.err = of(t).in.syntaxError(t, err, "<string>", src)
			break
		}
		end = r.token(tok, end)
	}
	it.tokens, it.lines = r.out, r.lines
	return object.Obj(it), nil
}

func tokenNext(t *object.Thread, v Value) (Value, *Exception) {
	it := object.As[tokenIter](v)
	if it.pos == len(it.tokens) {
		if e := it.err; e != nil {
			it.err = nil
			return Value{}, e
		}
		return Value{}, nil
	}
	k := it.tokens[it.pos]
	it.pos++
	line := ""
	if k.line <= len(it.lines) {
		line = strings.Join(it.lines[k.line-1:min(max(k.eline, k.line), len(it.lines))], "")
	}
	pair := func(a, b int) Value { return object.NewTuple([]Value{object.Int(int64(a)), object.Int(int64(b))}) }
	return object.NewTuple([]Value{object.Int(int64(k.kind)), object.StrVal(k.text), pair(k.line, k.col), pair(k.eline, k.ecol), object.StrVal(line)}), nil
}

func init() {
	object.Declare(&tokenIterType, object.Decl{Name: "_tokenize.TokenizerIter", Flags: object.FFinal, Layout: object.LayoutOf[tokenIter](),
		Slots: object.Slots{New: object.NewSig("TokenizerIter(readline, /, *, encoding=None, extra_tokens=False)", newTokenIter),
			Iter: func(t *object.Thread, v Value) (Value, *Exception) { return v, nil }, Next: tokenNext}})
}

func tokenizeModule(t *object.Thread) (*object.Module, *Exception) {
	m := makeModule(t, "_tokenize", "", nil)
	m.Set(t, "TokenizerIter", tokenIterType.Value())
	return m, nil
}
