package compile

import (
	"encoding/json"
	"os"
	"testing"

	"martlet/python/parser"
)

// FuzzCompile: whatever parses compiles to code that Verify accepts, or is an error.
func FuzzCompile(f *testing.F) {
	for _, file := range []string{"testdata/errors.json", "../../parser/testdata/errors.json"} {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var cases []errorCase
		if err := json.Unmarshal(b, &cases); err != nil {
			f.Fatal(err)
		}
		for _, c := range cases {
			f.Add(c.Src)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		m, err := parser.Parse(src, parser.Options{})
		if err != nil {
			return
		}
		co, err := Compile(m, Options{Filename: "f", TopLevelAwait: len(src)%2 == 0})
		if err != nil {
			if e := err.(*Error); e.Kind == "SystemError" {
				t.Fatal(err)
			}
			return
		}
		if err := co.Verify(); err != nil {
			t.Fatalf("%v\n%s", err, co)
		}
	})
}
