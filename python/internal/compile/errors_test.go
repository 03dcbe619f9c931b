package compile

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"martlet/python/parser"
)

var update = flag.Bool("update", false, "ask CPython 3.13 for the expected errors and store them")

type errorCase struct {
	Src  string `json:"src"`
	Want []any  `json:"want"`
}

const errorScript = `
import json, sys, warnings
out = []
for src in json.load(sys.stdin):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter("always")
        try:
            compile(src, "<t>", "exec")
            r = None
        except SyntaxError as e:
            r = [type(e).__name__, e.msg, e.lineno or 0, e.offset or 0, e.end_lineno or 0, e.end_offset or 0]
        except Exception as e:
            r = [type(e).__name__, str(e), 0, 0, 0, 0]
    out.append([r, [str(x.message) for x in w]])
json.dump(out, sys.stdout)
`

// ourError compiles a program and gives its error and warnings in the form of the stored ones.
func ourError(src string) []any {
	warnings := []string{}
	warn := func(w parser.Warning) bool {
		warnings = append(warnings, w.Msg)
		return false
	}
	m, err := parser.Parse(src, parser.Options{Warn: warn})
	if e, ok := err.(*parser.SyntaxError); ok {
		return []any{[]any{e.Kind, e.Msg, e.Line, e.Col, e.EndLine, e.EndCol}, warnings}
	}
	co, err := Compile(m, Options{Filename: "<t>", Warn: warn})
	if e, ok := err.(*Error); ok {
		lines := strings.Split(src, "\n")
		char := func(line, col int32) int {
			if line == 0 || col < 0 {
				return 0
			}
			return utf8.RuneCountInString(lines[line-1][:col]) + 1
		}
		return []any{[]any{e.Kind, e.Msg, e.Pos.Line, char(e.Pos.Line, e.Pos.Col), e.Pos.EndLine, char(e.Pos.EndLine, e.Pos.EndCol)}, warnings}
	}
	if err := co.Verify(); err != nil {
		return []any{err.Error()}
	}
	return []any{nil, warnings}
}

// TestErrors compares the errors of the symbol table and compiler with CPython's.
func TestErrors(t *testing.T) {
	const file = "testdata/errors.json"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []errorCase
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	if *update {
		updateErrors(t, file, cases)
	}
	bad := 0
	for _, c := range cases {
		if got, want := fmt.Sprint(ourError(c.Src)), fmt.Sprint(c.Want); got != want {
			bad++
			t.Errorf("%q\n  got  %s\n  want %s", c.Src, got, want)
		}
	}
	t.Logf("%d of %d equal CPython's", len(cases)-bad, len(cases))
}

func updateErrors(t *testing.T, file string, cases []errorCase) {
	srcs := make([]string, len(cases))
	for i, c := range cases {
		srcs[i] = c.Src
	}
	in, _ := json.Marshal(srcs)
	cmd := exec.Command(os.Getenv("MARTLET_CPYTHON"), "-c", errorScript)
	cmd.Stdin = strings.NewReader(string(in))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want [][]any
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		cases[i].Want = want[i]
	}
	b, _ := json.MarshalIndent(cases, "", " ")
	if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
