package jit

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// TestObjectCache: a second start compiles nothing; damaged, truncated and foreign files are compiled again, and so is everything on another processor, under
// another Go version or in another build; a directory that others can write is not used.
func TestObjectCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	salted := func(cache *cache) {} // changes what the cache knows of its surroundings
	run := func(dir string) (Stats, []Event) {
		var events []Event
		e := New(Options{Tiers: FullOnly, CacheDir: dir, Events: func(ev Event) { events = append(events, ev) }})
		defer e.Close()
		if e.Native() != nil {
			t.Skip("caches machine code, which this platform has not")
		}
		if e.cache != nil {
			salted(e.cache)
		}
		l := e.NewLibrary("main")
		add(t, l, addText)
		add(t, l, fibText)
		if v := lookup[func(int64) int64](t, l, "fib")(15); v != 610 {
			t.Errorf("fib(15) = %d", v)
		}
		if v := lookup[func(int64, int64) int64](t, l, "add")(1, 2); v != 3 {
			t.Errorf("1 + 2 = %d", v)
		}
		return e.Stats(), events
	}
	if s, _ := run(dir); s.Full != 2 || s.CacheHits != 0 {
		t.Errorf("cold: %+v", s)
	}
	if s, _ := run(dir); s.Full != 0 || s.CacheHits != 2 {
		t.Errorf("warm: %+v", s)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.mo"))
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	good := make([][]byte, 2)
	for i, f := range files {
		if good[i], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	damage := map[string]func(i int) []byte{
		"one bit":   func(i int) []byte { b := append([]byte(nil), good[i]...); b[len(b)/2] ^= 4; return b },
		"truncated": func(i int) []byte { return good[i][:len(good[i])/2] },
		"empty":     func(int) []byte { return nil },
		"foreign":   func(int) []byte { return []byte("#!/bin/sh\nexit 1\n# this is not an object file at all\n") },
	}
	for name, make := range damage {
		for i, f := range files {
			if err := os.WriteFile(f, make(i), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if s, _ := run(dir); s.Full != 2 || s.CacheHits != 0 {
			t.Errorf("%s: %+v", name, s)
		}
		if s, _ := run(dir); s.Full != 0 || s.CacheHits != 2 {
			t.Errorf("after %s: %+v", name, s)
		}
	}
	here := filepath.Join(dir, "sub")
	if s, _ := run(here); s.Full != 2 {
		t.Errorf("another directory: %+v", s)
	}
	for _, c := range []struct{ what, of, to string }{
		{"another processor", "BMI2:true", "BMI2:false"}, {"another processor", "BMI2:false", "BMI2:true"},
		{"another Go", runtime.Version(), "go1.0"}, {"another build", strconv.Quote(buildID()), `"other"`},
	} {
		there := true
		salted = func(k *cache) {
			there = bytes.Contains(k.salt, []byte(c.of))
			k.salt = bytes.Replace(k.salt, []byte(c.of), []byte(c.to), 1)
		}
		if s, _ := run(here); there && (s.Full != 2 || s.CacheHits != 0) {
			t.Errorf("%s: %+v", c.what, s)
		}
		if !there && c.what != "another processor" {
			t.Errorf("%s: %q is not part of the key", c.what, c.of)
		}
	}
	salted = func(*cache) {}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	s, events := run(dir)
	if s.CacheHits != 0 || len(events) == 0 || events[0].Kind != CacheIgnored {
		t.Errorf("a directory that anyone can write was used: %+v %v", s, events)
	}
}
