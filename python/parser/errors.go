package parser

func diagnose(src string, opt *Options, p *parser) *SyntaxError {
	if p.err != nil {
		return p.err
	}
	if p.lx.err != nil {
		return p.lx.err
	}
	t := p.toks[len(p.toks)-1]
	return &SyntaxError{Kind: "SyntaxError", Msg: "invalid syntax", Line: int(t.Line), Col: int(t.Col) + 1}
}
