package harness

import (
	"fmt"
	"math"
	"os"
	"strings"
)

// DotRow is a row of a dot plot: a value for each column, NaN or 0 where there is none.
type DotRow struct {
	Name   string
	Values []float64
	Note   string // shown behind the name, small
}

// colours are those of columns and series.
var colours = []string{"#0f6a73", "#b4541f", "#8a8f98", "#5b3f92", "#3563b5", "#2d7d46"}

// Dots writes a plot of ratios as SVG: a row a program, a dot an engine, on a logarithmic axis. Left is
// better; the line at 1 is the reference, whose own dots are left out.
func Dots(file, title, xlabel string, columns []string, ref int, rows []DotRow) error {
	const w, left, right, top, step = 860.0, 150.0, 30.0, 78.0, 19.0
	h := top + step*float64(len(rows)) + 52
	x0, x1 := ratioRange(rows)
	px := func(x float64) float64 { return left + (math.Log2(x)-x0)/(x1-x0)*(w-left-right) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" font-family="sans-serif" font-size="12"><rect width="100%%" height="100%%" fill="#fffdf8"/>`, w, h)
	fmt.Fprintf(&b, `<text x="20" y="26" font-size="16" font-weight="600">%s</text>`, escape(title))
	x := 20.0
	for i, c := range columns {
		if i == ref {
			continue
		}
		fmt.Fprintf(&b, `<circle cx="%g" cy="46" r="5" fill="%s"/><text x="%g" y="50">%s</text>`, x+5, colours[i%len(colours)], x+15, escape(c))
		x += 40 + 7*float64(len(c))
	}
	bottom := top + step*float64(len(rows))
	for e := x0; e <= x1; e++ {
		colour, width := "#e9e5d9", 1
		if e == 0 {
			colour, width = "#6d7078", 2
		}
		x := px(math.Exp2(e))
		fmt.Fprintf(&b, `<path d="M%.1f %g V%g" stroke="%s" stroke-width="%d"/><text x="%.1f" y="%g" text-anchor="middle" fill="#6d7078">%s</text>`,
			x, top-8, bottom, colour, width, x, bottom+16, ratioText(e))
	}
	for i, r := range rows {
		y := top + step*(float64(i)+0.5)
		if i%2 == 0 {
			fmt.Fprintf(&b, `<rect x="10" y="%.1f" width="%g" height="%g" fill="#8f7f4f" fill-opacity=".06"/>`, y-step/2, w-20, step)
		}
		fmt.Fprintf(&b, `<text x="%g" y="%.1f" text-anchor="end">%s<tspan fill="#9a9588" font-size="10"> %s</tspan></text>`, left-10, y+4, escape(r.Name), escape(r.Note))
		for k, v := range r.Values {
			if k != ref && v > 0 && !math.IsNaN(v) {
				fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="5" fill="%s" fill-opacity=".85"><title>%s: %.2f</title></circle>`, px(v), y, colours[k%len(colours)], escape(columns[k]), v)
			}
		}
	}
	fmt.Fprintf(&b, `<text x="%g" y="%g" text-anchor="middle" fill="#6d7078">%s</text></svg>`+"\n", (left+w-right)/2, h-12, escape(xlabel))
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// ratioText is 2 to the e, as a ratio.
func ratioText(e float64) string {
	if e < 0 {
		return fmt.Sprintf("1/%g", math.Exp2(-e))
	}
	return fmt.Sprintf("%g", math.Exp2(e))
}

// ratioRange returns the powers of two that enclose all values and 1.
func ratioRange(rows []DotRow) (x0, x1 float64) {
	x0, x1 = -1, 1
	for _, r := range rows {
		for _, v := range r.Values {
			if v > 0 && !math.IsNaN(v) {
				x0, x1 = min(x0, math.Floor(math.Log2(v))), max(x1, math.Ceil(math.Log2(v)))
			}
		}
	}
	return x0, x1
}
