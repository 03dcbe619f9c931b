package python_test

import (
	"bytes"
	"strings"
	"testing"

	"martlet/python"
)

// TestNoHostAccessByAnyModule: without Options.Files a script reaches neither files, processes, sockets nor the environment, by whatever module.
func TestNoHostAccessByAnyModule(t *testing.T) {
	for _, src := range []string{
		"open('/etc/hostname')",
		"import io; io.open('/etc/hostname')",
		"import _io; _io.open('/etc/hostname')",
		"import io; io.FileIO('/etc/hostname')",
		"import _io; _io.FileIO('/etc/hostname')",
		"import _io; _io.FileIO(0)",
		"import _io; _io.open_code('/etc/hostname')",
		"import os; os.listdir('/')",
		"import os; os.system('true')",
		"import os; print(os.environ['PATH'])",
		"import posix; posix.getcwd()",
		"import posix; posix.environ",
		"import _posixsubprocess",
		"import _socket",
		"import select",
		"import linecache\nassert linecache.getline('/etc/hostname', 1)",
	} {
		var out, errs bytes.Buffer
		in, err := python.New(python.Options{Stdout: &out, Stderr: &errs})
		if err != nil {
			t.Fatal(err)
		}
		if code := in.RunString(src, "<test>"); code == 0 || strings.Contains(errs.String(), "panic") {
			t.Errorf("%s: code %d\n%s%s", src, code, out.String(), errs.String())
		}
	}
}
