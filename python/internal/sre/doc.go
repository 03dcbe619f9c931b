// Package sre is Python's regular expression engine: the syntax, messages and
// semantics of CPython 3.13's module re, on strings (package wtf8's form) and
// on bytes. It knows no Python objects; module re is made on top of it.
//
//	parse.go     pattern text -> node tree; Error has re.error's message and position
//	charset.go   sets of characters, categories, case folding
//	compile.go   node tree -> program
//	match.go     the backtracking machine, with its own stack: no recursion per character
//	template.go  replacement templates of sub()
//
// Positions are byte offsets into the subject; the module converts them.
package sre

import "fmt"

// Flags are re's flags, with CPython's values.
type Flags uint32

// The flags.
const (
	IgnoreCase Flags = 2
	Locale     Flags = 4
	MultiLine  Flags = 8
	DotAll     Flags = 16
	Unicode    Flags = 32
	Verbose    Flags = 64
	Debug      Flags = 128
	ASCII      Flags = 256
)

// Error is a syntax error in a pattern or template.
type Error struct {
	Msg string
	Pos int // in code points (bytes for bytes patterns); -1 if it has none
}

func (e *Error) Error() string {
	if e.Pos < 0 {
		return e.Msg
	}
	return fmt.Sprintf("%s at position %d", e.Msg, e.Pos)
}

// OverflowError is a repetition number too large: OverflowError in Python.
type OverflowError struct{}

func (OverflowError) Error() string { return "the repetition number is too large" }

// ValueError is a wrong combination of flags.
type ValueError struct{ Msg string }

func (e *ValueError) Error() string { return e.Msg }

// Warning is a FutureWarning or DeprecationWarning about a pattern.
type Warning struct {
	Msg    string
	Future bool
}

// Pattern is a compiled pattern: immutable, usable from several goroutines.
type Pattern struct {
	Source   string
	Bytes    bool
	Flags    Flags // with those from inline (?flags)
	Groups   int   // number of capturing groups
	Names    []GroupName
	Warnings []Warning

	prog     []inst
	loops    int
	prefix   string     // literal that every match starts with, case-sensitively
	whole    bool       // the prefix is the whole pattern, without groups
	first    *[4]uint64 // bytes a match may start with, or nil
	groupOf  map[string]int
	anchored bool
}

// GroupName is a named group, in the order of the pattern.
type GroupName struct {
	Name  string
	Index int
}

// GroupIndex returns the number of a named group.
func (p *Pattern) GroupIndex(name string) (int, bool) {
	i, ok := p.groupOf[name]
	return i, ok
}

// Compile compiles a pattern.
func Compile(source string, flags Flags, isBytes bool) (*Pattern, error) {
	ps := &parser{src: source, bytes: isBytes, flags: flags, groupOf: map[string]int{}}
	root, err := ps.parsePattern()
	if err != nil {
		return nil, err
	}
	p := &Pattern{Source: source, Bytes: isBytes, Flags: ps.flags, Groups: ps.groups, Names: ps.names, Warnings: ps.warnings, groupOf: ps.groupOf}
	c := &compiler{p: p}
	if err := c.compile(root); err != nil {
		return nil, err
	}
	return p, nil
}
