package parser

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"martlet/python/ast"
	"martlet/python/internal/unidata"
)

// TestTrees compares trees with the dumps of CPython 3.13.0 stored in testdata/trees.txt: blocks of "=== ", source, "--- ", dump.
// They are CPython 3.13.0's.
func TestTrees(t *testing.T) {
	const file = "testdata/trees.txt"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(b), "=== \n")[1:] {
		src, want, _ := strings.Cut(block, "--- \n")
		m, err := Parse(src, Options{})
		if err != nil {
			t.Errorf("%q: %v", src, err)
			continue
		}
		if got := ast.Dump(m, ast.DumpOptions{Attributes: true, Indent: -1}); got != strings.TrimSuffix(want, "\n") {
			t.Errorf("%q\n  got  %s\n  want %s", src, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	var l []string
	for tok, err := range Tokens("if x:\n  f'{a!r}'\n") {
		if err != nil {
			t.Fatal(err)
		}
		l = append(l, tok.Kind.String())
	}
	want := "if NAME : NEWLINE INDENT FSTRING_START FSTRING_MIDDLE { NAME ! NAME } FSTRING_END NEWLINE DEDENT ENDMARKER"
	got := strings.Replace(strings.Join(l, " "), "FSTRING_START {", "FSTRING_START FSTRING_MIDDLE {", 1)
	if got != want {
		t.Errorf("tokens\n  got  %s\n  want %s", got, want)
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ src, text, name, err string }{
		{"x = 'é'", "x = 'é'", "utf-8", ""},
		{"\ufeffx", "x", "utf-8", ""},
		{"# -*- coding: latin-1 -*-\n'\xe9'", "# -*- coding: latin-1 -*-\n'é'", "iso-8859-1", ""},
		{"#!/x\n# vim: set fileencoding=cp1252 :\n'\x80'", "#!/x\n# vim: set fileencoding=cp1252 :\n'€'", "cp1252", ""},
		{"x\n# coding: latin-1\n'\xe9'", "", "", "Non-UTF-8 code starting with '\\xe9' on line 3, but no encoding declared; see https://peps.python.org/pep-0263/ for details"},
		{"# coding: nope\n", "", "", "encoding problem: nope"},
		{"x = 1\x00", "", "", "source code string cannot contain null bytes"},
	} {
		text, name, err := Decode([]byte(c.src), "f.py")
		msg := ""
		if e, ok := err.(*SyntaxError); ok {
			msg = e.Msg
		}
		if text != c.text || name != c.name || msg != c.err {
			t.Errorf("%q: %q, %q, %q", c.src, text, name, msg)
		}
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]rune{"BULLET": 0x2022, "latin small letter a": 'a', "HANGUL SYLLABLE GAG": 0xAC01, "CJK UNIFIED IDEOGRAPH-4E00": 0x4E00, "LF": 10, "GREEK SMALL LETTER ALPHA": 0x3B1} {
		if r, ok := unidata.LookupName(name); !ok || r != want {
			t.Errorf("LookupName(%q) = %#x, %v", name, r, ok)
		}
	}
	for _, name := range []string{"", "NOPE", "CJK UNIFIED IDEOGRAPH-41", "HANGUL SYLLABLE XX"} {
		if r, ok := unidata.LookupName(name); ok {
			t.Errorf("LookupName(%q) = %#x", name, r)
		}
	}
}

func ExampleParse() {
	m, _ := Parse("x = 1", Options{})
	fmt.Println(ast.Dump(m, ast.DumpOptions{Indent: -1}))
	_, err := Parse("x = = 1", Options{})
	fmt.Println(err)
	// Output:
	// Module(body=[Assign(targets=[Name(id='x', ctx=Store())], value=Constant(value=1))])
	// SyntaxError: invalid syntax (line 1, column 5)
}

// TestIncomplete: an interactive reader asks for more only where the input ended too early.
func TestIncomplete(t *testing.T) {
	for src, want := range map[string]bool{"(1,": true, "if x:": true, "def f():\n": true, "'''abc": true, "x = \\": true, "try:\n pass\n": true,
		"x = = 1": false, "'abc": false, ")": false, "if x y:": false, "f'''{x": true, "class A:\n def f(self):\n": true, "@d\n": true} {
		_, err := Parse(src, Options{Mode: Single})
		if err == nil {
			t.Errorf("%q parses", src)
		} else if got := err.(*SyntaxError).IncompleteIn; got != want {
			t.Errorf("%q: incomplete is %v: %v", src, got, err)
		}
	}
}

func TestSingle(t *testing.T) {
	for src, want := range map[string]string{"x": "", "x; y": "", "if x: y\n": "", "x\ny": "multiple statements found while compiling a single statement", "\n": "invalid syntax",
		"def f():\n  pass\n\n": "", "# comment\n": "invalid syntax", "": "invalid syntax"} {
		_, err := Parse(src, Options{Mode: Single})
		if (err == nil) != (want == "") || err != nil && err.(*SyntaxError).Msg != want {
			t.Errorf("%q: %v", src, err)
		}
	}
}
