package interp

import (
	"os"
	"path/filepath"
	"strings"

	"martlet/python/internal/code"
)

// readCache reads a cache file; nil when it is missing, stale, damaged or refused by the verifier.
func readCache(path, stamp, source string) *code.Code {
	b, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(b), stamp) {
		return nil
	}
	c, err := code.Unmarshal(b[len(stamp):])
	if err != nil || c.Verify() != nil || c.Filename != source {
		return nil
	}
	return c
}

// writeCache writes a cache file atomically; failures are of no consequence (a read-only folder).
func writeCache(path, stamp string, c *code.Code) {
	b, err := code.Marshal(c)
	if err != nil || os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp*")
	if err != nil {
		return
	}
	_, err = f.WriteString(stamp + string(b))
	if cerr := f.Close(); err != nil || cerr != nil || os.Rename(f.Name(), path) != nil {
		os.Remove(f.Name())
		return
	}
	os.Chmod(path, 0o644)
}
