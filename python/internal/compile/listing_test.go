package compile

import (
	"os"
	"strings"
	"testing"
)

// TestListings compares the code of small programs with the listings stored in testdata/listings.txt: blocks of "=== ", source, "--- ",
// listing. -update writes them anew; look at the difference.
func TestListings(t *testing.T) {
	const file = "testdata/listings.txt"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, block := range strings.Split(string(b), "=== \n")[1:] {
		src, want, _ := strings.Cut(block, "--- \n")
		co, err := compileText(src, Options{Filename: "f.py"})
		if err != nil {
			t.Errorf("%q: %v", src, err)
			continue
		}
		if err := co.Verify(); err != nil {
			t.Errorf("%q: %v", src, err)
		}
		got := co.String()
		out.WriteString("=== \n" + src + "--- \n" + got)
		if got != want && !*update {
			t.Errorf("%s\ngot\n%s\nwant\n%s", src, got, want)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	src, err := os.ReadFile("../code/testdata/sample.py")
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat(strings.ReplaceAll(string(src), "from os import *", ""), 5)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := compileText(text, Options{Filename: "f.py"}); err != nil {
			b.Fatal(err)
		}
	}
}
