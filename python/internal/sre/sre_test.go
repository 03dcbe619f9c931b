package sre

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"martlet/python/internal/wtf8"
)

// A reCase is what CPython did with one pattern (testdata/gen.py).
type reCase struct {
	Pattern string              `json:"p"`
	Msg     string              `json:"msg"`
	Pos     int                 `json:"pos"`
	Results [][]json.RawMessage `json:"r"`
}

func cases(t *testing.T) []reCase {
	data, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cs []reCase
	if err := json.Unmarshal(data, &cs); err != nil {
		t.Fatal(err)
	}
	return cs
}

// TestAgainstCPython compares errors, spans of search, match and fullmatch,
// iteration, and search from position 1.
func TestAgainstCPython(t *testing.T) {
	bad := 0
	for _, c := range cases(t) {
		p, err := Compile(c.Pattern, 0, false)
		if msg := describe(err); err != nil || c.Msg != "" {
			if msg != c.want() {
				t.Errorf("%q: error %q, want %q", c.Pattern, msg, c.want())
			}
			continue
		}
		for _, r := range c.Results {
			if !checkSubject(t, p, r) {
				bad++
			}
		}
		if bad > 25 {
			t.Fatal("too many differences")
		}
	}
}

func (c *reCase) want() string {
	return describe(map[bool]error{true: &Error{c.Msg, c.Pos}, false: plainError(c.Msg)}[c.Pos >= -1])
}

type plainError string

func (e plainError) Error() string { return string(e) }

func describe(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func checkSubject(t *testing.T, p *Pattern, r []json.RawMessage) bool {
	t.Helper()
	var s string
	must(t, json.Unmarshal(r[0], &s))
	ok := true
	for i, mode := range []Mode{Search, Match, FullMatch} {
		var want []json.RawMessage
		must(t, json.Unmarshal(r[1+i], &want))
		got := spansOf(t, p, s, mode)
		var flat []int
		for k, raw := range want {
			if k == len(want)-1 {
				var last int
				must(t, json.Unmarshal(raw, &last))
				flat = append(flat, last)
				continue
			}
			var pair []int
			must(t, json.Unmarshal(raw, &pair))
			flat = append(flat, pair...)
		}
		if !slices.Equal(got, flat) {
			t.Errorf("%q on %q, mode %d: got %v, want %v", p.Source, s, mode, got, flat)
			ok = false
		}
	}
	var iter [][]int
	must(t, json.Unmarshal(r[4], &iter))
	if got := iterate(t, p, s); !slices.EqualFunc(got, iter, slices.Equal) {
		t.Errorf("%q on %q, finditer: got %v, want %v", p.Source, s, got, iter)
		ok = false
	}
	return ok
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// spansOf returns the spans in code points, and the last group.
func spansOf(t *testing.T, p *Pattern, s string, mode Mode) []int {
	t.Helper()
	r, err := p.NewMatcher(s, len(s)).Match(0, mode)
	must(t, err)
	if r == nil {
		return nil
	}
	return append(points(s, r.Spans), r.LastIndex)
}

func points(s string, offsets []int) []int {
	out := make([]int, len(offsets))
	for i, o := range offsets {
		out[i] = -1
		if o >= 0 {
			out[i] = wtf8.Count(s[:o])
		}
	}
	return out
}

func iterate(t *testing.T, p *Pattern, s string) (out [][]int) {
	t.Helper()
	m := p.NewMatcher(s, len(s))
	for pos := 0; pos <= len(s); {
		r, err := m.Match(pos, Search)
		must(t, err)
		if r == nil {
			break
		}
		out = append(out, points(s, r.Spans[:2]))
		pos = r.Spans[1]
		m.NotEmptyAt = -1
		if r.Spans[0] == pos {
			m.NotEmptyAt = pos
		}
	}
	return out
}

func TestBytesAndTemplates(t *testing.T) {
	p, err := Compile(`(?P<k>\w+)=(\xff)?`, 0, true)
	must(t, err)
	s := "\x80key=\xff;b="
	r, err := p.NewMatcher(s, len(s)).Match(0, Search)
	must(t, err)
	tmpl, err := p.ParseTemplate(`[\g<k>\2\n\1]`)
	must(t, err)
	if got := string(tmpl.Expand(nil, s, r)); got != "[key\xff\nkey]" {
		t.Errorf("got %q", got)
	}
	for text, want := range map[string]string{`\g<z>`: "unknown group name 'z'", `\3`: "invalid group reference 3 at position 1", `\g<`: "missing group name at position 3", `\g<a`: "missing >, unterminated name at position 3", `\q`: `bad escape \q at position 0`, `\gx`: "missing < at position 2", `\`: "bad escape (end of pattern) at position 0"} {
		if _, err := p.ParseTemplate(text); describe(err) != want {
			t.Errorf("template %q: %v, want %s", text, err, want)
		}
	}
}

// TestPoll shows that a match that would take for ever can be ended.
func TestPoll(t *testing.T) {
	p, err := Compile(`(a|aa)+$`, 0, false)
	must(t, err)
	s := "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"
	m := p.NewMatcher(s, len(s))
	stop := errors.New("stop")
	n := 0
	m.Poll = func() error {
		if n++; n > 10 {
			return stop
		}
		return nil
	}
	if _, err := m.Match(0, Search); err != stop {
		t.Errorf("got %v", err)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(`(a|b)*?c(?=d)[^x-z]{2,3}\1`, "abcd")
	f.Add(`(?P<n>\w)(?(n)a|b)(?<!c)++`, "aab")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if !wtf8.Valid(pattern) || !wtf8.Valid(s) || len(s) > 60 {
			return
		}
		p, err := Compile(pattern, 0, false)
		if err != nil {
			return
		}
		m := p.NewMatcher(s, len(s))
		polls := 0
		m.Poll = func() error {
			if polls++; polls > 20 {
				return ErrTooComplex
			}
			return nil
		}
		r, err := m.Match(0, Search)
		if err == nil && r != nil && (r.Spans[0] > r.Spans[1] || r.Spans[1] > len(s)) {
			t.Errorf("%q on %q: %v", pattern, s, r.Spans)
		}
	})
}
