package genext

import (
	"testing"
	"time"
	"unsafe"

	"martlet/hint"
)

// verdict runs a trial in which a window of plain code does plain units of
// work a millisecond and compiled code does compiled units; it reports whether the code was given up.
func verdict(plain, compiled int64) bool {
	var work int64
	d := &door{born: time.Now()}
	d.opt.Progress = func(unsafe.Pointer) int64 { return work }
	l := d.lifeOf(&hint.Counter{})
	e := &entry{life: l, r: &region{}}
	l.entries = []*entry{e}
	t := l.trialOf()
	for range 60 {
		if t.tick(l, nil, e.r != nil) {
			work += plain
		} else {
			work += compiled
		}
		time.Sleep(time.Millisecond)
	}
	return t.over && e.never && e.r == nil
}

func TestVerdict(t *testing.T) {
	if !verdict(4000, 40) {
		t.Error("code that is a hundred times slower is kept")
	}
	if verdict(40, 4000) {
		t.Error("code that is a hundred times faster is given up")
	}
}

func TestNews(t *testing.T) {
	p := newProfile(6)
	for range 3 {
		p.value(1, 7, nil)
	}
	if p.news != 1 {
		t.Errorf("one value gave %d news", p.news)
	}
}
