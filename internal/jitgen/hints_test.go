package jitgen

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// wants reads the // want "regexp" comments of a package: regexps by file base and line.
func wants(t *testing.T, src *Source) map[string]string {
	out := map[string]string{}
	pkg := src.Roots[0]
	re := regexp.MustCompile(`// want "(.*)"$`)
	for _, f := range pkg.Syntax {
		ast.Inspect(f, func(n ast.Node) bool { return true })
		for _, g := range f.Comments {
			for _, c := range g.List {
				if m := re.FindStringSubmatch(c.Text); m != nil {
					pos := pkg.Fset.Position(c.Pos())
					out[fmt.Sprintf("%s:%d", pos.Filename, pos.Line)] = m[1]
				}
			}
		}
	}
	if len(out) == 0 {
		t.Fatal("no wants")
	}
	return out
}

// matchErrors compares errors with the wants: each line with exactly one.
func matchErrors(t *testing.T, want map[string]string, errs []error) {
	t.Helper()
	for _, err := range errs {
		parts := strings.SplitN(err.Error(), ":", 4)
		line := parts[0] + ":" + parts[1]
		re, ok := want[line]
		if !ok {
			t.Errorf("unexpected: %v", err)
			continue
		}
		if !regexp.MustCompile(re).MatchString(err.Error()) {
			t.Errorf("%s: got %q, want a match of %q", line, err, re)
		}
		delete(want, line)
	}
	for line, re := range want {
		t.Errorf("%s: no error, want %q", line, re)
	}
}

func TestImpossibleHints(t *testing.T) {
	c, err := ColourPackage(GenerateConfig{Load: LoadConfig{Patterns: []string{"./testdata/hints"}}})
	if err != nil {
		t.Fatal(err)
	}
	matchErrors(t, wants(t, c.Source), c.Errors)
	page, err := c.HTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"<span class=\"g\"", "<span class=\"r\"", "acc is a red of the merge point"} {
		if !strings.Contains(string(page), part) {
			t.Errorf("the page has no %q", part)
		}
	}
}

func TestUnorderedReads(t *testing.T) {
	src, err := Load(LoadConfig{Patterns: []string{"./testdata/order"}})
	if err != nil {
		t.Fatal(err)
	}
	res := Lower(src, Options{}, src.Func("Orders"))
	var errs []error
	if err := res.CheckOrder(); err != nil {
		errs = err.(interface{ Unwrap() []error }).Unwrap()
	}
	matchErrors(t, wants(t, src), errs)
}
