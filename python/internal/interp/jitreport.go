package interp

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"martlet/genext"
	"martlet/ir"
	"martlet/python/internal/report"
	"martlet/python/object"
)

// Reporter gathers what -X jit-report shows: samples, and all code that was compiled. It keeps that code alive.
type Reporter struct {
	r       *Runtime
	sampler *Sampler

	mu      sync.Mutex
	order   []genext.Region
	state   map[genext.Region]string
	started time.Time
}

// Report starts to gather. It must be called before the first code is compiled.
func (r *Runtime) Report() *Reporter {
	p := &Reporter{r: r, state: map[genext.Region]string{}, started: time.Now()}
	r.JIT.Observe, r.JIT.Clock = p.observe, true
	p.sampler = r.Sample(time.Millisecond)
	return p
}

func (p *Reporter) observe(e genext.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.state[e.Region]; !known {
		p.order = append(p.order, e.Region)
	}
	p.state[e.Region] = "in use"
	if e.Kind != genext.Compiled {
		p.state[e.Region] = e.Kind.String()
	}
}

// maxRegions bounds the pieces of code shown, and maxLines the lines of one.
const (
	maxRegions = 300
	maxLines   = 4000
)

// Write ends the gathering and writes the page.
func (p *Reporter) Write(t *object.Thread, w io.Writer, title string) error {
	stacks := p.sampler.Stop()
	if h := p.r.JIT.handle; h != nil {
		h.Wait()
	}
	s := p.r.JIT.Stats()
	ran := time.Since(p.started)
	page := &report.Page{Title: title, Mode: s.Mode.String(), Ran: ran.Seconds(), Inside: s.Inside.Seconds()}
	for _, x := range [][2]any{{"compilations", s.Compiles}, {"runs", s.Runs}, {"exits", s.Exits}, {"guards", s.Guards}, {"invalidations", s.Invalidations},
		{"given up", s.Abandoned}, {"bytes of machine code", s.Made}, {"longest pause", round(s.Pause)}, {"waited in all", round(s.Spent)}, {"in the background", round(s.Background)}} {
		page.Stats = append(page.Stats, report.Stat{Name: x[0].(string), Value: fmt.Sprint(x[1])})
	}
	for _, why := range byCount(s.Causes) {
		page.Causes = append(page.Causes, report.Cause{Why: why, Count: s.Causes[why]})
	}
	p.regions(page)
	p.files(t, page, stacks)
	return page.Write(w)
}

// regions adds the compiled code, what ran most first.
func (p *Reporter) regions(page *report.Page) {
	p.mu.Lock()
	order := slices.Clone(p.order)
	p.mu.Unlock()
	slices.SortStableFunc(order, func(a, b genext.Region) int { return b.Runs() - a.Runs() })
	page.Regions = []report.Region{}
	for i, g := range order {
		if i == maxRegions {
			page.Left = len(order) - i
			break
		}
		page.Regions = append(page.Regions, p.region(g))
	}
}

func (p *Reporter) region(g genext.Region) report.Region {
	at := g.At()
	r := report.Region{Func: at.Func, File: at.File, Line: at.Line, Level: int(g.Level()), Try: g.Tries(), State: p.state[g], Ops: g.Ops(), Size: g.Size(), Runs: g.Runs(),
		Exits: []report.Exit{}, IR: []report.Code{}, Asm: []report.Code{}}
	exits := g.Exits()
	for _, x := range exits {
		r.Exits = append(r.Exits, report.Exit{Why: x.Why, File: x.Place.File, Line: x.Place.Line, Taken: x.Taken})
	}
	line := func(list *[]report.Code, text string, at genext.Place, exit int) {
		c := report.Code{Text: text, File: at.File, Line: at.Line}
		if exit >= 0 && exit < len(exits) {
			c.Exit = exits[exit].Taken + 1
		}
		if len(*list) < maxLines {
			*list = append(*list, c)
		}
	}
	for _, b := range g.Func().Blocks {
		r.IR = append(r.IR, report.Code{Text: b.String() + ":", Head: true})
		for _, v := range b.Insts {
			exit := -1
			if v.Op == ir.OpGuard {
				exit = int(v.Imm)
			}
			line(&r.IR, "  "+v.Line(ir.PrintLiterals), g.Place(v.Pos), exit)
		}
		exit := -1
		if b.End.Op == ir.OpExit {
			exit = int(b.End.Imm)
		}
		line(&r.IR, "  "+b.End.Line(ir.PrintLiterals), g.Place(b.End.Pos), exit)
	}
	for _, a := range g.Assembly() {
		line(&r.Asm, fmt.Sprintf("%5x  %s", a.Off, a.Text), a.Place, a.Exit)
	}
	return r
}

// files adds the sources in which time was spent or code was compiled, the hottest first.
func (p *Reporter) files(t *object.Thread, page *report.Page, stacks []*Stack) {
	at := map[string]*report.File{}
	file := func(name string) *report.File {
		f := at[name]
		if f == nil {
			f = &report.File{Name: name, Lines: p.r.lines(t, name)}
			f.Heat, f.Compiled = make([]int, len(f.Lines)), make([]int, len(f.Lines))
			at[name] = f
		}
		return f
	}
	for _, st := range stacks {
		page.Samples += st.Count
		top := st.Frames[0]
		if f := file(top.File); top.Line >= 1 && top.Line <= len(f.Lines) {
			f.Heat[top.Line-1] += st.Count
			if st.Compiled {
				f.Compiled[top.Line-1] += st.Count
			}
		}
	}
	for _, r := range page.Regions {
		file(r.File)
	}
	heat := map[string]int{}
	page.Files = []report.File{}
	for name, f := range at {
		if len(f.Lines) == 0 {
			continue
		}
		for _, n := range f.Heat {
			heat[name] += n
		}
		page.Files = append(page.Files, *f)
	}
	slices.SortFunc(page.Files, func(a, b report.File) int {
		if heat[a.Name] != heat[b.Name] {
			return heat[b.Name] - heat[a.Name]
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
}
