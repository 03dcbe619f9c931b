package interp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"martlet/genext"
	"martlet/python/object"
)

// JITStats are the compiler's counters, over all drivers a runtime has had.
type JITStats struct {
	genext.Stats
	Mode JITMode
	Err  error // why there is no compiler, if there is none
}

// add sums counters.
func (s *JITStats) add(x genext.Stats) {
	s.Enters += x.Enters
	s.Runs += x.Runs
	s.Compiles += x.Compiles
	s.Failures += x.Failures
	s.Ops += x.Ops
	s.Guards += x.Guards
	s.Switches += x.Switches
	s.Exits += x.Exits
	s.Invalidations += x.Invalidations
	s.ProfileRuns += x.ProfileRuns
	s.Abandoned += x.Abandoned
	s.Spent += x.Spent
	s.Pause = max(s.Pause, x.Pause)
	s.Background += x.Background
	s.Inside += x.Inside
	s.Regions += x.Regions
	s.Bytes += x.Bytes
	s.Made += x.Made
	s.Mapped = max(s.Mapped, x.Mapped)
	if s.Causes == nil {
		s.Causes = map[string]int{}
	}
	for why, n := range x.Causes {
		s.Causes[why] += n
	}
}

// Stats returns the counters so far.
func (j *JIT) Stats() JITStats {
	s := JITStats{Mode: j.Mode, Err: j.err}
	if j.past != nil {
		s.add(j.past.Stats)
	}
	if j.handle != nil {
		s.add(j.handle.Stats())
	}
	return s
}

// rows are the counters by name, in the order in which they are shown.
func (s JITStats) rows() []row {
	return []row{
		{"compiles", s.Compiles, ""}, {"failures", s.Failures, ""}, {"residual_ops", s.Ops, ""},
		{"guards", s.Guards, ""}, {"switches", s.Switches, ""}, {"machine_bytes_made", s.Made, ""},
		{"regions", s.Regions, ""}, {"machine_bytes", s.Bytes, ""}, {"machine_mapped", s.Mapped, ""},
		{"enters", s.Enters, ""}, {"runs", s.Runs, ""}, {"exits", s.Exits, ""},
		{"profile_runs", s.ProfileRuns, ""}, {"invalidations", s.Invalidations, ""}, {"abandoned", s.Abandoned, ""},
		{"waited_ns", int(s.Spent), "time the program waited for the compiler"}, {"longest_pause_ns", int(s.Pause), ""},
		{"background_ns", int(s.Background), "time of compilations beside the program"},
		{"compiled_ns", int(s.Inside), ""},
	}
}

// row is one counter.
type row struct {
	name string
	n    int
	doc  string
}

// statsDict is _jit.stats().
func (j *JIT) statsDict(t *object.Thread) (Value, *Exception) {
	s := j.Stats()
	d := object.NewDict()
	set := func(d *Dict, name string, v Value) { d.SetStr(t, t.Intern(name), v) }
	set(d, "mode", object.StrVal(s.Mode.String()))
	for _, r := range s.rows() {
		set(d, r.name, object.Int(int64(r.n)))
	}
	causes := object.NewDict()
	for _, why := range slices.Sorted(maps.Keys(s.Causes)) {
		set(causes, why, object.Int(int64(s.Causes[why])))
	}
	set(d, "exits_by_cause", object.Obj(causes))
	return object.Obj(d), nil
}

// Text is what -X jit-stats shows; ran is how long the program has run.
func (s JITStats) Text(ran time.Duration) string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-24s "+format+"\n", append([]any{name}, args...)...)
	}
	line("mode", "%s", s.Mode)
	line("compiles", "%d (%d failed, %d given up)", s.Compiles, s.Failures, s.Abandoned)
	line("residual ops", "%d", s.Ops)
	line("guards", "%d, and %d promotion switches", s.Guards, s.Switches)
	line("machine code", "%d bytes made, %d in use by %d regions", s.Made, s.Bytes, s.Regions)
	line("program waited", "%v in all, longest pause %v (%d profile runs)", round(s.Spent), round(s.Pause), s.ProfileRuns)
	line("in the background", "%v", round(s.Background))
	line("runs of compiled code", "%d", s.Runs)
	line("exits", "%d", s.Exits)
	for _, why := range byCount(s.Causes) {
		line("  "+why, "%d", s.Causes[why])
	}
	line("invalidations", "%d", s.Invalidations)
	if s.Inside > 0 && ran > 0 {
		line("time in compiled code", "%v of %v, %.1f %%", round(s.Inside), round(ran), 100*float64(s.Inside)/float64(ran))
	}
	if s.Err != nil {
		line("no compiler", "%v", s.Err)
	}
	return b.String()
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// byCount sorts causes, the most frequent first.
func byCount(m map[string]int) []string {
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		if m[a] != m[b] {
			return m[b] - m[a]
		}
		return strings.Compare(a, b)
	})
}
