package randprog

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
)

// Snippets come from a grammar, grammar.txt: "== name" begins a rule, whose alternatives are its lines or, where it has a line "--", the
// blocks between such lines. <name> stands for an alternative of that rule; its lines are indented as the line that it stands in. <> is nothing.
//
// The text cannot say that a snippet ends or stays small; the rules are written so: loops run over small things, exponents, shifts and
// repetitions are literals, assignments go through the prelude's cut.

//go:embed grammar.txt
var grammarText string

//go:embed prelude.py
var snippetPrelude string

// rule has the alternatives of a name, and the height of the lowest tree of each.
type rule struct {
	alts    []string
	heights []int
	low     int
}

type grammar map[string]*rule

var symbol = regexp.MustCompile(`<[a-z][a-z_0-9]*>`)

// parseGrammar reads the grammar's text; an unknown symbol or a rule that cannot end is an error.
func parseGrammar(text string) (grammar, error) {
	g := grammar{}
	for _, section := range strings.Split("\n"+text, "\n== ")[1:] {
		name, body, _ := strings.Cut(section, "\n")
		r := &rule{}
		if strings.Contains("\n"+body+"\n", "\n--\n") {
			for _, block := range strings.Split("\n"+body+"\n", "\n--")[1:] {
				if block = strings.Trim(block, "\n"); block != "" {
					r.alts = append(r.alts, block)
				}
			}
		} else {
			for _, line := range strings.Split(body, "\n") {
				if line != "" {
					r.alts = append(r.alts, strings.Replace(line, "<>", "", 1))
				}
			}
		}
		if g[name] != nil || len(r.alts) == 0 {
			return nil, fmt.Errorf("rule %s: empty or there twice", name)
		}
		g[name] = r
	}
	return g, g.measure()
}

// measure computes heights, as the least fixed point.
func (g grammar) measure() error {
	const never = 1 << 20
	for _, r := range g {
		r.low = never
		r.heights = make([]int, len(r.alts))
	}
	for changed := true; changed; {
		changed = false
		for name, r := range g {
			for i, alt := range r.alts {
				h := 0
				for _, s := range symbol.FindAllString(alt, -1) {
					sub := g[s[1:len(s)-1]]
					if sub == nil {
						return fmt.Errorf("rule %s: there is no %s", name, s)
					}
					h = max(h, sub.low+1)
				}
				r.heights[i] = h
				if h < r.low {
					r.low, changed = h, true
				}
			}
		}
	}
	for name, r := range g {
		if r.low >= never {
			return fmt.Errorf("rule %s does not end", name)
		}
	}
	return nil
}

// expand writes an alternative of a rule that is at most depth high, or of the lowest ones there are.
func (g grammar) expand(r *rand.Rand, name string, depth int) string {
	rule := g[name]
	limit := max(depth, rule.low)
	pick := r.IntN(len(rule.alts))
	for rule.heights[pick] > limit {
		pick = r.IntN(len(rule.alts))
	}
	lines := strings.Split(rule.alts[pick], "\n")
	for i, line := range lines {
		margin := "\n" + line[:len(line)-len(strings.TrimLeft(line, " "))]
		lines[i] = symbol.ReplaceAllStringFunc(line, func(s string) string {
			return strings.ReplaceAll(g.expand(r, s[1:len(s)-1], depth-1), "\n", margin)
		})
	}
	return strings.Join(lines, "\n")
}

// Snippets writes programs of the grammar.
type Snippets struct{ g grammar }

// NewSnippets reads the grammar.
func NewSnippets() (*Snippets, error) {
	g, err := parseGrammar(grammarText)
	if err != nil {
		return nil, err
	}
	return &Snippets{g}, nil
}

// Program gives the snippet of a seed. Equal seeds give equal programs.
func (s *Snippets) Program(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 0x2545f4914f6cdd1d))
	return snippetPrelude + s.g.expand(r, "program", 7+r.IntN(5)) + "\n"
}
