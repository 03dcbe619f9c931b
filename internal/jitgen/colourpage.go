package jitgen

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"html"
	"os"
	"sort"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// The colour page: each function's source with every expression in its colour.
// It is one file without references to others.

// span is a coloured piece of source.
type span struct {
	from, to int // offsets in the file
	red      bool
	chain    int // index into the chains, or -1
}

type pageReason struct {
	Pos  string `json:"pos"`
	ID   string `json:"id"` // of the line on the page
	Text string `json:"text"`
}

type page struct {
	chains [][]pageReason
	index  map[*Reddening]int
	files  map[string][]byte
	fileID map[string]int
	src    *Source
}

// HTML writes the page.
func (c *Colours) HTML() ([]byte, error) {
	p := &page{index: map[*Reddening]int{}, files: map[string][]byte{}, fileID: map[string]int{}, src: c.Source}
	var body, list strings.Builder
	for i, fc := range c.Funcs {
		text, err := p.function(fc)
		if err != nil {
			return nil, err
		}
		if text == "" {
			continue
		}
		name := html.EscapeString(fc.Fn.RelString(c.Source.Roots[0].Types))
		fmt.Fprintf(&list, "<a href=\"#f%d\">%s</a>\n", i, name)
		fmt.Fprintf(&body, "<section id=\"f%d\"><h2>%s</h2>\n<pre>%s</pre></section>\n", i, name, text)
	}
	chains, err := json.Marshal(p.chains)
	if err != nil {
		return nil, err
	}
	var errs strings.Builder
	for _, e := range c.Errors {
		fmt.Fprintf(&errs, "<pre class=\"error\">%s</pre>\n", html.EscapeString(p.relative(e.Error())))
	}
	out := strings.NewReplacer("{{title}}", html.EscapeString(c.Source.Roots[0].PkgPath), "{{list}}", list.String(),
		"{{errors}}", errs.String(), "{{body}}", body.String(), "{{chains}}", string(chains)).Replace(pageTemplate)
	return []byte(out), nil
}

// relative replaces file names by import path and base name.
func (p *page) relative(s string) string {
	for f, n := range p.src.files {
		if strings.Contains(s, f) {
			s = strings.ReplaceAll(s, f, n)
		}
	}
	return s
}

func (p *page) function(fc *FuncColours) (string, error) {
	syntax := fc.Fn.Syntax()
	if syntax == nil {
		return "", nil
	}
	fset := p.src.Prog.Fset
	start, end := fset.Position(syntax.Pos()), fset.Position(syntax.End())
	data, ok := p.files[start.Filename]
	if !ok {
		var err error
		if data, err = os.ReadFile(start.Filename); err != nil {
			return "", err
		}
		p.files[start.Filename] = data
	}
	spans := p.spans(fc)
	sort.SliceStable(spans, func(i, j int) bool {
		if spans[i].from != spans[j].from {
			return spans[i].from < spans[j].from
		}
		return spans[i].to > spans[j].to
	})
	return p.paint(data, start, end.Offset, spans), nil
}

// spans collects the expressions whose values go/ssa names.
func (p *page) spans(fc *FuncColours) []span {
	type key struct{ from, to int }
	at := map[key]int{}
	var out []span
	for _, b := range fc.Fn.Blocks {
		for _, in := range b.Instrs {
			d, ok := in.(*ssa.DebugRef)
			if !ok {
				continue
			}
			c, known := fc.Values[d.X]
			if t, ok := d.X.Type().(*types.Tuple); ok && t.Len() == 0 {
				continue // a call for its effect
			}
			if !known && !alwaysGreen(d.X) {
				continue
			}
			s := p.span(d.Expr, c)
			k := key{s.from, s.to}
			if i, ok := at[k]; ok {
				if s.red && !out[i].red {
					out[i] = s
				}
				continue
			}
			at[k] = len(out)
			out = append(out, s)
		}
	}
	return out
}

func alwaysGreen(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Const, *ssa.Function:
		return true
	}
	return false
}

func (p *page) span(e ast.Expr, c Colour) span {
	from, to := p.offset(e.Pos()), p.offset(e.End())
	s := span{from: from, to: to, red: c.Red, chain: -1}
	if c.Red && c.Reason != nil {
		s.chain = p.chain(c.Reason)
	}
	return s
}

func (p *page) offset(pos token.Pos) int { return p.src.Prog.Fset.Position(pos).Offset }

// lineID is the page's name of a source line.
func (p *page) lineID(file string, line int) string {
	n, ok := p.fileID[file]
	if !ok {
		n = len(p.fileID)
		p.fileID[file] = n
	}
	return fmt.Sprintf("L%d-%d", n, line)
}

func (p *page) chain(r *Reddening) int {
	if i, ok := p.index[r]; ok {
		return i
	}
	var c []pageReason
	for _, l := range r.Chain() {
		c = append(c, pageReason{Pos: fmt.Sprintf("%s:%d:%d", p.src.fileName(l.Pos.Filename), l.Pos.Line, l.Pos.Column),
			ID: p.lineID(l.Pos.Filename, l.Pos.Line), Text: l.Text})
	}
	i := len(p.chains)
	p.chains = append(p.chains, c)
	p.index[r] = i
	return i
}

// paint writes source with line numbers and nested spans.
func (p *page) paint(data []byte, start token.Position, to int, spans []span) string {
	from, line := start.Offset, start.Line
	var b strings.Builder
	var open []span
	next := 0
	for next < len(spans) && spans[next].from < from {
		next++
	}
	tag := func(s span) {
		class := "g"
		if s.red {
			class = "r"
		}
		fmt.Fprintf(&b, "<span class=\"%s\" data-c=\"%d\">", class, s.chain)
	}
	newline := func() { fmt.Fprintf(&b, "<i id=\"%s\">%6d  </i>", p.lineID(start.Filename, line), line) }
	newline()
	for i := from; i <= to; i++ {
		for len(open) > 0 && open[len(open)-1].to <= i {
			b.WriteString("</span>")
			open = open[:len(open)-1]
		}
		for next < len(spans) && spans[next].from == i {
			s := spans[next]
			next++
			if s.to > to || len(open) > 0 && s.to > open[len(open)-1].to {
				continue // no nesting: two readings of one text
			}
			tag(s)
			open = append(open, s)
		}
		if i == to {
			break
		}
		b.WriteString(html.EscapeString(string(data[i : i+1])))
		if data[i] == '\n' {
			line++
			newline()
		}
	}
	for range open {
		b.WriteString("</span>")
	}
	return b.String()
}

const pageTemplate = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Binding times of {{title}}</title>
<style>
:root { --g: #1b7f3b; --r: #b3261e; --bg: #fff; --fg: #222; --soft: #f4f4f2; --line: #ddd; }
@media (prefers-color-scheme: dark) { :root { --g: #6fcf8b; --r: #ff8a80; --bg: #1c1c1e; --fg: #ddd; --soft: #26262a; --line: #3a3a3e; } }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--fg); background: var(--bg); display: grid; grid-template-columns: 15rem 1fr 24rem; height: 100vh; }
nav, aside { overflow: auto; padding: 1rem; background: var(--soft); }
nav { border-right: 1px solid var(--line); } aside { border-left: 1px solid var(--line); }
nav a { display: block; color: inherit; text-decoration: none; overflow-wrap: anywhere; padding: .1rem 0; font-size: .9em; }
nav a:hover { text-decoration: underline; }
main { overflow: auto; padding: 0 1.5rem 60vh; }
h1 { font-size: 1.05rem; overflow-wrap: anywhere; } h2 { font-size: 1rem; margin: 2rem 0 .3rem; }
pre { font: 13px/1.55 ui-monospace, monospace; margin: 0; tab-size: 4; }
pre i { color: #999; font-style: normal; user-select: none; }
.g { color: var(--g); } .r { color: var(--r); }
.r { cursor: pointer; } .r:hover:not(:has(.r:hover)) { background: color-mix(in srgb, var(--r) 18%, transparent); }
.sel { outline: 2px solid var(--r); border-radius: 2px; }
.error { color: var(--r); white-space: pre-wrap; border: 1px solid var(--r); padding: .6rem; margin: 1rem 0; border-radius: 4px; }
ol { padding-left: 1.2rem; } li { margin-bottom: .7rem; } li a { color: inherit; font: 12px ui-monospace, monospace; }
pre i { scroll-margin-block: 30vh; }
@media (max-width: 60rem) { body { grid-template: auto 1fr minmax(8rem, 30vh) / 1fr; } nav { border: 0; max-height: 20vh; } aside { border-left: 0; border-top: 1px solid var(--line); } main { padding: 0 1rem 2rem; } }
mark { background: color-mix(in srgb, gold 40%, transparent); color: inherit; }
</style></head><body>
<nav><h1>{{title}}</h1>{{list}}</nav>
<main>{{errors}}{{body}}</main>
<aside><h1>Why red?</h1><p><span class="g">Green</span> is known when code is compiled, <span class="r">red</span> only when it runs. Click a red expression.</p><ol id="why"></ol></aside>
<script>
const chains = {{chains}};
document.querySelector("main").addEventListener("click", ev => {
  const s = ev.target.closest(".r"); if (!s) return;
  document.querySelectorAll(".sel").forEach(e => e.classList.remove("sel")); s.classList.add("sel");
  const why = document.getElementById("why"); why.textContent = "";
  (chains[+s.dataset.c] || []).forEach(l => {
    const li = document.createElement("li"), a = document.createElement("a");
    a.textContent = l.pos; a.href = "#" + l.id; li.textContent = l.text + " "; li.append(document.createElement("br"), a); why.append(li);
  });
});
window.addEventListener("hashchange", () => {
  document.querySelectorAll("mark").forEach(m => m.replaceWith(...m.childNodes));
  const i = document.querySelector("i[id='" + location.hash.slice(1) + "']"); if (i) { const m = document.createElement("mark"); i.replaceWith(m); m.append(i); }
});
</script></body></html>
`
