package compile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"martlet/python/internal/code"
	"martlet/python/parser"
)

// compileText parses and compiles a module.
func compileText(src string, opt Options) (*code.Code, error) {
	m, err := parser.Parse(src, parser.Options{})
	if err != nil {
		return nil, err
	}
	return Compile(m, opt)
}

// TestVerifyCorpus compiles every .py file below a directory and verifies the code.
func TestVerifyCorpus(t *testing.T) {
	dir := os.Getenv("MARTLET_CORPUS")
	if dir == "" {
		t.Skip("MARTLET_CORPUS names a directory of Python files to compile")
	}
	n, bad := 0, 0
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".py") || strings.HasPrefix(d.Name(), "badsyntax") {
			return nil
		}
		b, _ := os.ReadFile(path)
		text, _, err := parser.Decode(b, path)
		if err != nil {
			return nil
		}
		m, err := parser.Parse(text, parser.Options{})
		if err != nil {
			return nil
		}
		co, err := Compile(m, Options{Filename: path})
		if err == nil {
			err = co.Verify()
		}
		if err == nil {
			err = roundTrip(co)
		}
		n++
		if err != nil {
			bad++
			if bad < 30 {
				t.Errorf("%s: %v", path, err)
			}
		}
		return nil
	})
	t.Logf("%d files compiled, %d bad", n, bad)
}

// roundTrip checks that a code's binary form reads back the same.
func roundTrip(co *code.Code) error {
	b, err := code.Marshal(co)
	if err != nil {
		return err
	}
	back, err := code.Unmarshal(b)
	if err != nil {
		return err
	}
	if back.String() != co.String() {
		return errors.New("the binary form reads back as different code")
	}
	return nil
}
