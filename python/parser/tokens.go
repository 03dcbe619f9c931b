package parser

import "iter"

// Tokens yields the tokens of decoded source text, white space and comments left out, as the parser sees them: with Newline, Indent,
// Dedent and EndMarker. A lexical error ends the sequence; it comes with an ErrorToken. Token.Off and End index the text that Normalize gives.
func Tokens(src string) iter.Seq2[Token, error] {
	return func(yield func(Token, error) bool) {
		lx := &lexer{}
		lx.init(Normalize(src))
		for {
			t := lx.next()
			if t.Kind == ErrorToken {
				yield(t, lx.err)
				return
			}
			if !yield(t, nil) || t.Kind == EndMarker {
				return
			}
		}
	}
}

// Normalize makes every newline of a source text "\n", as Parse does first.
func Normalize(src string) string { return normalize(src) }
