package parser

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "ask CPython 3.13 for the expected errors and store them")

// errorCase is a wrong program and CPython 3.13's error: kind, message, line, column, end line, end column.
type errorCase struct {
	Src  string `json:"src"`
	Want []any  `json:"want"`
}

const errorScript = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
out = []
for src in json.load(sys.stdin):
    try:
        ast.parse(src)
        out.append(None)
    except SyntaxError as e:
        out.append([type(e).__name__, e.msg, e.lineno or 0, e.offset or 0, e.end_lineno or 0, e.end_offset or 0])
    except Exception as e:
        out.append([type(e).__name__, str(e), 0, 0, 0, 0])
json.dump(out, sys.stdout)
`

// reference asks CPython for the errors of programs.
func reference(t *testing.T, srcs []string) (out [][]any) {
	in, _ := json.Marshal(srcs)
	cmd := exec.Command(cpython(t), "-c", errorScript)
	cmd.Stdin = strings.NewReader(string(in))
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// ourError gives our error in the same form.
func ourError(src string) []any {
	_, err := Parse(src, Options{})
	if err == nil {
		return nil
	}
	e := err.(*SyntaxError)
	return []any{e.Kind, e.Msg, e.Line, e.Col, e.EndLine, e.EndCol}
}

// TestErrors compares the errors of the programs in testdata/errors.json.
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
		srcs := make([]string, len(cases))
		for i, c := range cases {
			srcs[i] = c.Src
		}
		for i, w := range reference(t, srcs) {
			cases[i].Want = w
		}
		b, _ := json.MarshalIndent(cases, "", " ")
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	bad := 0
	for _, c := range cases {
		if got, want := fmt.Sprint(ourError(c.Src)), fmt.Sprint(c.Want); got != want {
			bad++
			t.Errorf("%q\n  got  %s\n  want %s", c.Src, got, want)
		}
	}
	t.Logf("%d of %d errors equal CPython's", len(cases)-bad, len(cases))
}

// TestErrorMutations drops, doubles and swaps tokens of the programs in a file of sources (MARTLET_MUTATE) and compares the errors with CPython's.
func TestErrorMutations(t *testing.T) {
	file := os.Getenv("MARTLET_MUTATE")
	if file == "" {
		t.Skip("MARTLET_MUTATE names a Python file whose damaged forms are compared with CPython")
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	srcs := mutations(string(b))
	bad := 0
	for i, want := range reference(t, srcs) {
		if got := fmt.Sprint(ourError(srcs[i])); got != fmt.Sprint(want) {
			bad++
			if bad <= 40 {
				t.Errorf("%q\n  got  %s\n  want %v", clip(srcs[i]), got, want)
			}
		}
	}
	t.Logf("%d of %d equal", len(srcs)-bad, len(srcs))
}

func clip(s string) string { return s[:min(len(s), 300)] }

// mutations damages each paragraph of a text, token by token.
func mutations(text string) (out []string) {
	for _, para := range strings.Split(text, "\n\n") {
		lx := &lexer{}
		lx.init(para + "\n")
		var toks []Token
		for {
			t := lx.next()
			if t.Kind == EndMarker || t.Kind == ErrorToken {
				break
			}
			toks = append(toks, t)
		}
		for i, t := range toks {
			if t.Off == t.End {
				continue
			}
			s := para + "\n"
			out = append(out, s[:t.Off]+s[t.End:], s[:t.End]+" "+s[t.Off:])
			if i+1 < len(toks) && toks[i+1].Off < toks[i+1].End {
				n := toks[i+1]
				out = append(out, s[:t.Off]+s[n.Off:n.End]+" "+s[t.Off:t.End]+s[n.End:])
			}
		}
	}
	return out
}
