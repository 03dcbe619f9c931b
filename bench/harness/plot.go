package harness

import (
	"fmt"
	"math"
	"os"
	"strings"
)

// Series is a line of a plot.
type Series struct {
	Name string
	X, Y []float64
}

// Plot writes a log-log plot as SVG: one line per series, decades as grid.
func Plot(file, title, xlabel, ylabel string, series []Series) error {
	const w, h, left, bottom, top, right = 720.0, 440.0, 70.0, 50.0, 40.0, 120.0
	x0, x1, y0, y1 := decades(series)
	px := func(x float64) float64 { return left + (math.Log10(x)-x0)/(x1-x0)*(w-left-right) }
	py := func(y float64) float64 { return h - bottom - (math.Log10(y)-y0)/(y1-y0)*(h-top-bottom) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" font-family="sans-serif" font-size="12"><rect width="100%%" height="100%%" fill="#fffdf8"/>`, w, h)
	fmt.Fprintf(&b, `<text x="%g" y="22" font-size="15" font-weight="600">%s</text>`, left, title)
	for d := x0; d <= x1; d++ {
		x := px(math.Pow(10, d))
		fmt.Fprintf(&b, `<path d="M%.1f %g V%g" stroke="#e3dfd3"/><text x="%.1f" y="%g" text-anchor="middle">%s</text>`, x, top, h-bottom, x, h-bottom+18, number(d))
	}
	for d := y0; d <= y1; d++ {
		y := py(math.Pow(10, d))
		fmt.Fprintf(&b, `<path d="M%g %.1f H%g" stroke="#e3dfd3"/><text x="%g" y="%.1f" text-anchor="end">%s</text>`, left, y, w-right, left-8, y+4, number(d))
	}
	fmt.Fprintf(&b, `<text x="%g" y="%g" text-anchor="middle" fill="#6d7078">%s</text>`, (left+w-right)/2, h-12, xlabel)
	fmt.Fprintf(&b, `<text transform="translate(16 %g) rotate(-90)" text-anchor="middle" fill="#6d7078">%s</text>`, h/2, ylabel)
	for i, s := range series {
		colour := []string{"#0f6a73", "#b4541f", "#5b3f92", "#3563b5", "#2d7d46"}[i%5]
		var path strings.Builder
		for k := range s.X {
			fmt.Fprintf(&path, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[k == 0], px(s.X[k]), py(s.Y[k]))
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`, px(s.X[k]), py(s.Y[k]), colour)
		}
		n := len(s.X) - 1
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="%s" stroke-width="2"/><text x="%.1f" y="%.1f" fill="%s">%s</text>`, path.String(), colour, px(s.X[n])+8, py(s.Y[n])+4, colour, s.Name)
	}
	b.WriteString("</svg>\n")
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

func number(decade float64) string { return fmt.Sprintf("%g", math.Pow(10, decade)) }

// decades returns the powers of ten that enclose all points.
func decades(series []Series) (x0, x1, y0, y1 float64) {
	x0, y0 = math.Inf(1), math.Inf(1)
	x1, y1 = math.Inf(-1), math.Inf(-1)
	for _, s := range series {
		for k := range s.X {
			x0, x1 = min(x0, math.Floor(math.Log10(s.X[k]))), max(x1, math.Ceil(math.Log10(s.X[k])))
			y0, y1 = min(y0, math.Floor(math.Log10(s.Y[k]))), max(y1, math.Ceil(math.Log10(s.Y[k])))
		}
	}
	return x0, max(x1, x0+1), y0, max(y1, y0+1)
}
