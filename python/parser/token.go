package parser

import "fmt"

// Kind is the kind of a token: one for each operator and keyword.
type Kind uint8

// The kinds of tokens.
const (
	EndMarker Kind = iota
	ErrorToken
	Name
	Number
	String
	FStringStart
	FStringMiddle
	FStringEnd
	Newline
	Indent
	Dedent

	opsStart
	LPar
	RPar
	LSqb
	RSqb
	LBrace
	RBrace
	Colon
	Comma
	Semi
	Plus
	Minus
	Star
	Slash
	VBar
	Amper
	Less
	Greater
	Equal
	Dot
	Percent
	EqEqual
	NotEqual
	LessEqual
	GreaterEqual
	Tilde
	Circumflex
	LeftShift
	RightShift
	DoubleStar
	PlusEqual
	MinEqual
	StarEqual
	SlashEqual
	PercentEqual
	AmperEqual
	VBarEqual
	CircumflexEqual
	LeftShiftEqual
	RightShiftEqual
	DoubleStarEqual
	DoubleSlash
	DoubleSlashEqual
	At
	AtEqual
	RArrow
	Ellipsis
	ColonEqual
	Exclamation
	Op // a character that is no token of Python: $ ? `
	opsEnd

	kwStart
	KwFalse
	KwNone
	KwTrue
	KwAnd
	KwAs
	KwAssert
	KwAsync
	KwAwait
	KwBreak
	KwClass
	KwContinue
	KwDef
	KwDel
	KwElif
	KwElse
	KwExcept
	KwFinally
	KwFor
	KwFrom
	KwGlobal
	KwIf
	KwImport
	KwIn
	KwIs
	KwLambda
	KwNonlocal
	KwNot
	KwOr
	KwPass
	KwRaise
	KwReturn
	KwTry
	KwWhile
	KwWith
	KwYield
	numKinds
)

// spelling gives each operator's and keyword's text, and the names of the other kinds.
var spelling = [numKinds]string{
	EndMarker: "ENDMARKER", ErrorToken: "ERRORTOKEN", Name: "NAME", Number: "NUMBER", String: "STRING", FStringStart: "FSTRING_START",
	FStringMiddle: "FSTRING_MIDDLE", FStringEnd: "FSTRING_END", Newline: "NEWLINE", Indent: "INDENT", Dedent: "DEDENT",
	LPar: "(", RPar: ")", LSqb: "[", RSqb: "]", LBrace: "{", RBrace: "}", Colon: ":", Comma: ",", Semi: ";", Plus: "+", Minus: "-", Star: "*",
	Slash: "/", VBar: "|", Amper: "&", Less: "<", Greater: ">", Equal: "=", Dot: ".", Percent: "%", EqEqual: "==", NotEqual: "!=", LessEqual: "<=",
	GreaterEqual: ">=", Tilde: "~", Circumflex: "^", LeftShift: "<<", RightShift: ">>", DoubleStar: "**", PlusEqual: "+=", MinEqual: "-=",
	StarEqual: "*=", SlashEqual: "/=", PercentEqual: "%=", AmperEqual: "&=", VBarEqual: "|=", CircumflexEqual: "^=", LeftShiftEqual: "<<=",
	RightShiftEqual: ">>=", DoubleStarEqual: "**=", DoubleSlash: "//", DoubleSlashEqual: "//=", At: "@", AtEqual: "@=", RArrow: "->",
	Ellipsis: "...", ColonEqual: ":=", Exclamation: "!", Op: "OP",
	KwFalse: "False", KwNone: "None", KwTrue: "True", KwAnd: "and", KwAs: "as", KwAssert: "assert", KwAsync: "async", KwAwait: "await",
	KwBreak: "break", KwClass: "class", KwContinue: "continue", KwDef: "def", KwDel: "del", KwElif: "elif", KwElse: "else", KwExcept: "except",
	KwFinally: "finally", KwFor: "for", KwFrom: "from", KwGlobal: "global", KwIf: "if", KwImport: "import", KwIn: "in", KwIs: "is", KwLambda: "lambda",
	KwNonlocal: "nonlocal", KwNot: "not", KwOr: "or", KwPass: "pass", KwRaise: "raise", KwReturn: "return", KwTry: "try", KwWhile: "while",
	KwWith: "with", KwYield: "yield",
}

func (k Kind) String() string { return spelling[k] }

// IsOp reports whether k is an operator or delimiter.
func (k Kind) IsOp() bool { return k > opsStart && k < opsEnd }

// IsKeyword reports whether k is a keyword.
func (k Kind) IsKeyword() bool { return k > kwStart }

// Token is a token; its text is Source[Off:End].
type Token struct {
	Kind      Kind
	Line, Col int32 // start: line from 1, column in bytes from 0
	EndLine   int32
	EndCol    int32
	Off, End  int32 // byte offsets in the decoded source

}

// SyntaxError is an error in source text, in CPython's words and places.
type SyntaxError struct {
	Kind         string // "SyntaxError", "IndentationError", "TabError", "MemoryError", "RecursionError"
	Msg          string
	Line, Col    int // from 1; Col counts code points; 0 is "none"
	EndLine      int
	EndCol       int    // 0 and -1 are "none", as CPython has them
	Text         string // the source line, with its newline if it has one
	NoText       bool   // there is no line to show (Text None)
	NoPlace      bool   // neither line nor column (both None)
	IncompleteIn bool   // the input ended too early: an interactive reader may ask for more
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: %s (line %d, column %d)", e.Kind, e.Msg, e.Line, e.Col)
}

// keyword classifies an identifier.
func keyword(s string) Kind {
	if len(s) < 2 || len(s) > 8 {
		return Name
	}
	switch s {
	case "False":
		return KwFalse
	case "None":
		return KwNone
	case "True":
		return KwTrue
	case "and":
		return KwAnd
	case "as":
		return KwAs
	case "assert":
		return KwAssert
	case "async":
		return KwAsync
	case "await":
		return KwAwait
	case "break":
		return KwBreak
	case "class":
		return KwClass
	case "continue":
		return KwContinue
	case "def":
		return KwDef
	case "del":
		return KwDel
	case "elif":
		return KwElif
	case "else":
		return KwElse
	case "except":
		return KwExcept
	case "finally":
		return KwFinally
	case "for":
		return KwFor
	case "from":
		return KwFrom
	case "global":
		return KwGlobal
	case "if":
		return KwIf
	case "import":
		return KwImport
	case "in":
		return KwIn
	case "is":
		return KwIs
	case "lambda":
		return KwLambda
	case "nonlocal":
		return KwNonlocal
	case "not":
		return KwNot
	case "or":
		return KwOr
	case "pass":
		return KwPass
	case "raise":
		return KwRaise
	case "return":
		return KwReturn
	case "try":
		return KwTry
	case "while":
		return KwWhile
	case "with":
		return KwWith
	case "yield":
		return KwYield
	}
	return Name
}
