package python

import (
	"fmt"
	"io"
	"time"

	"github.com/google/pprof/profile"

	"martlet/python/internal/interp"
)

// Profile is a running profile of an interpreter's Python code; see Interpreter.StartProfile.
type Profile struct{ s *interp.Sampler }

// StartProfile begins to sample the Python stacks of all threads, by wall time, so many times a second.
func (in *Interpreter) StartProfile(hertz int) *Profile {
	return &Profile{in.rt.Sample(time.Second / time.Duration(max(hertz, 1)))}
}

// Stop ends the profile and writes it in the form that `go tool pprof` reads: functions and lines of Python, the innermost frame labelled
// with whether it was compiled.
func (p *Profile) Stop(w io.Writer) error {
	stacks := p.s.Stop()
	out := &profile.Profile{
		SampleType:    []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "wall", Unit: "nanoseconds"}},
		PeriodType:    &profile.ValueType{Type: "wall", Unit: "nanoseconds"},
		Period:        int64(p.s.Period()),
		TimeNanos:     p.s.Started().UnixNano(),
		DurationNanos: int64(p.s.Ran()),
	}
	b := builder{p: out, funcs: map[string]*profile.Function{}, locs: map[string]*profile.Location{}}
	for _, st := range stacks {
		b.add(st, p.s.Period())
	}
	if err := out.CheckValid(); err != nil {
		return fmt.Errorf("python: profile: %w", err)
	}
	return out.Write(w)
}

// builder numbers functions and locations.
type builder struct {
	p     *profile.Profile
	funcs map[string]*profile.Function
	locs  map[string]*profile.Location
}

func (b *builder) add(st *interp.Stack, period time.Duration) {
	s := &profile.Sample{Value: []int64{int64(st.Count), int64(st.Count) * int64(period)}, Label: map[string][]string{"code": {"interpreted"}}}
	if st.Compiled {
		s.Label["code"] = []string{"compiled"}
	}
	for i, f := range st.Frames {
		s.Location = append(s.Location, b.location(f.Func, f.File, f.Line, st.Firsts[i]))
	}
	b.p.Sample = append(b.p.Sample, s)
}

func (b *builder) location(name, file string, line, first int) *profile.Location {
	fkey := fmt.Sprintf("%s\x00%s\x00%d", name, file, first)
	f := b.funcs[fkey]
	if f == nil {
		f = &profile.Function{ID: uint64(len(b.p.Function) + 1), Name: name, SystemName: name, Filename: file, StartLine: int64(first)}
		b.funcs[fkey] = f
		b.p.Function = append(b.p.Function, f)
	}
	key := fmt.Sprintf("%s\x00%d", fkey, line)
	l := b.locs[key]
	if l == nil {
		l = &profile.Location{ID: uint64(len(b.p.Location) + 1), Line: []profile.Line{{Function: f, Line: int64(line)}}}
		b.locs[key] = l
		b.p.Location = append(b.p.Location, l)
	}
	return l
}
