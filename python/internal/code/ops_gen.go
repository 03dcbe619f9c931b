// Code generated from ops.txt by opgen; DO NOT EDIT.

package code

// The instructions. See ops.txt for the notation.
const (
	OpNop         Op = iota // does nothing; carries a line
	OpMove                  // a = b
	OpLoadk                 // a = constant Bx
	OpLoadi                 // a = the int sBx (32 bits)
	OpClear                 // a becomes unbound (del of a local after check; end of an except name)
	OpCheck                 // raise UnboundLocalError (VarNames[a]) if a is unbound
	OpLoadcell              // a = content of own cell b; unbound: UnboundLocalError
	OpStorecell             // content of own cell a = b
	OpDelcell               // empty own cell a; unbound: UnboundLocalError
	OpNewcell               // own cell register a = a fresh empty cell (an inlined comprehension's captured variable)
	OpLoadfree              // a = content of closure cell b; unbound: NameError "cannot access free variable"
	OpStorefree             // content of closure cell a = b
	OpDelfree               // empty closure cell a; unbound: NameError
	OpDictorfree            // a = b[name of closure cell c] if the mapping b has it, else the cell's content (class bodies)
	OpDictorcell            // as dictorfree, with own cell c
	OpDictorglob            // a = b[name Cx] if the mapping b has it, else global or builtin of that name
	OpLoadglobal            // a = global or builtin name Bx; NameError
	OpStoreglobal           // global name Bx = a
	OpDelglobal             // del global name Bx; NameError
	OpLoadname              // a = name Bx from the frame's local mapping, globals, builtins
	OpStorename             // name Bx in the frame's local mapping = a
	OpDelname               // del name Bx in the frame's local mapping; NameError
	OpLocals                // a = the frame's local mapping (class bodies: the namespace)
	OpNeg                   // a = -b
	OpPos                   // a = +b
	OpInv                   // a = ~b
	OpNot                   // a = not b
	OpBool                  // a = bool(b)
	OpAdd                   // a = b + c; d&1: in place (b += c)
	OpSub                   // a = b - c
	OpMul                   // a = b * c
	OpMatmul                // a = b @ c
	OpDiv                   // a = b / c
	OpFloordiv              // a = b // c
	OpMod                   // a = b % c
	OpPow                   // a = b ** c
	OpLsh                   // a = b << c
	OpRsh                   // a = b >> c
	OpAnd                   // a = b & c
	OpOr                    // a = b | c
	OpXor                   // a = b ^ c
	OpAddi                  // a = b + int c; d&1: in place; d&2: operands swapped (int c + b)
	OpSubi                  // a = b - int c (never swapped)
	OpMuli                  // a = b * int c; d&2: swapped
	OpDivi                  // a = b / int c
	OpFloordivi             // a = b // int c
	OpModi                  // a = b % int c
	OpPowi                  // a = b ** int c
	OpLshi                  // a = b << int c
	OpRshi                  // a = b >> int c
	OpAndi                  // a = b & int c; d&2: swapped
	OpOri                   // a = b | int c; d&2: swapped
	OpXori                  // a = b ^ int c; d&2: swapped
	OpAddk                  // a = b + constant c; d&1: in place; d&2: swapped (constant + b)
	OpSubk                  // a = b - constant c; d&2: swapped
	OpMulk                  // a = b * constant c; d&2: swapped
	OpDivk                  // a = b / constant c; d&2: swapped
	OpEq                    // a = b == c
	OpNe                    // a = b != c
	OpLt                    // a = b < c
	OpLe                    // a = b <= c
	OpGt                    // a = b > c
	OpGe                    // a = b >= c
	OpEqi                   // a = b == int c
	OpNei                   // a = b != int c
	OpLti                   // a = b < int c
	OpLei                   // a = b <= int c
	OpGti                   // a = b > int c
	OpGei                   // a = b >= int c
	OpEqk                   // a = b == constant c
	OpNek                   // a = b != constant c
	OpIs                    // a = b is c; d&1: is not
	OpIn                    // a = b in c; d&1: not in
	OpJmp                   // go forward by sBx
	OpLoop                  // go back by sBx (sBx < 0): the counted, polled back-edge
	OpJt                    // go forward by sBx if a is true
	OpJf                    // go forward by sBx if a is false
	OpJnone                 // go forward by sBx if a is None
	OpJnotnone              // go forward by sBx if a is not None
	OpJeq                   // go forward by c if bool(a == b) is (d&1 != 0)
	OpJne                   // the same for a != b
	OpJlt                   // the same for a < b
	OpJle                   // the same for a <= b
	OpJgt                   // the same for a > b
	OpJge                   // the same for a >= b
	OpJeqi                  // go forward by c if bool(a == int b) is (d&1 != 0)
	OpJnei                  // the same for a != int b
	OpJlti                  // the same for a < int b
	OpJlei                  // the same for a <= int b
	OpJgti                  // the same for a > int b
	OpJgei                  // the same for a >= int b
	OpJeqk                  // the same for a == constant b
	OpJnek                  // the same for a != constant b
	OpJis                   // go forward by c if (a is b) is (d&1 != 0)
	OpJin                   // go forward by c if (a in b) is (d&1 != 0)
	OpLoadattr              // a = b.name of site Cx
	OpStoreattr             // a.name of site Cx = b
	OpDelattr               // del a.name of site Cx
	OpLoadmethod            // look up b.name for a call: a = function and a+1 = b, or a = value and a+1 unbound; WRITES both
	OpSuperattr             // a = super(b+1, b+2).name of site c; b = the global found as "super": if it is not the builtin, call it (d&1: with b+1, b+2; else with nothing)
	OpSupermethod           // as superattr, with loadmethod's two results in a and a+1
	OpCall                  // a = b(b+1, ..., b+c)
	OpCallm                 // after loadmethod: a = b([b+1 if bound,] b+2, ..., b+1+c)
	OpCallmethod            // a = (b+1).name of site c (b+2, ..., b+1+d); the arguments have no effects; b is scratch
	OpCallkw                // call with keywords: site c says how many positional and which names follow; d&1: callm's layout (b+1 self or unbound), else call's
	OpCallex                // a = b(*b+1, **b+2); b+2 is there when d&1
	OpRet                   // return a
	OpRetnone               // return None
	OpGetitem               // a = b[c]
	OpGetitemi              // a = b[int c]
	OpGetitemk              // a = b[constant c]
	OpSetitem               // a[b] = c
	OpSetitemi              // a[int b] = c
	OpSetitemk              // a[constant b] = c
	OpDelitem               // del a[b]
	OpGetslice              // a = b[c:c+1]
	OpSetslice              // a[b:b+1] = c
	OpSlice                 // a = slice(b, ...), c is 2 or 3
	OpTuple                 // a = (b, ..., b+c-1)
	OpList                  // a = [b, ..., b+c-1]
	OpSet                   // a = {b, ..., b+c-1}
	OpDict                  // a = {b: b+1, ...}, c pairs
	OpString                // a = the strings b, ..., b+c-1 joined
	OpAppend                // list a .append(b)
	OpExtend                // list a .extend(b); not iterable: "Value after * must be an iterable, not T"
	OpSetadd                // set a .add(b)
	OpSetupdate             // set a .update(b)
	OpDictset               // dict a [b] = c
	OpDictupdate            // dict a .update(mapping b); not a mapping: "'T' object is not a mapping"
	OpDictmerge             // keywords: dict a gets mapping b; a repeated or non-string key raises TypeError about callee c
	OpTotuple               // a = tuple(list b)
	OpFormat                // a = format(conv(b), ""); d: 0 none, 1 str, 2 repr, 3 ascii
	OpFormatspec            // a = format(conv(b), c)
	OpUnpack                // a, ..., a+c-1 = b
	OpUnpackex              // a, ..., *a+d, ... = b: d values before the star, c after it
	OpGetiter               // a = iter(b)
	OpFornext               // a = next(b) and go by c (back: a counted, polled back-edge); when b is exhausted fall through, a untouched
	OpYielditer             // a = iter(b) for yield from (a coroutine only in a coroutine)
	OpYield                 // yield b; when resumed a = the value sent; d&1: wrap for an async generator
	OpYieldfrom             // send a to b: if it yields, yield that and run this instruction again with a = the value sent; if it returns, a = the result. d&1: await
	OpAwaitable             // a = awaitable of b; d: 0 await, 1 of __aenter__, 2 of __aexit__ (error texts)
	OpAiter                 // a = aiter(b)
	OpAnext                 // a = awaitable of anext(b)
	OpEndasyncfor           // exception a: swallow StopAsyncIteration, else reraise a
	OpRaise                 // raise a
	OpRaisefrom             // raise a from b
	OpRaisecur              // raise (the exception being handled, else RuntimeError)
	OpReraise               // raise a again, adding no traceback entry for this instruction
	OpPushexc               // a = the exception being handled (or None); b becomes the one being handled
	OpPopexc                // a (saved by pushexc) becomes the exception being handled
	OpJnomatch              // go forward by c if exception a does not match type (or tuple) b
	OpEgmatch               // except*: a = rest, a+1 = matched part (None when empty) of exception group b for type c
	OpEgprep                // a = what except* clauses leave to raise of group b, with list c of raised and unhandled; None for nothing
	OpWithenter             // b, b+1 = c.__exit__ as loadmethod gives it (WRITTEN), then a = c.__enter__()
	OpAwithenter            // b, b+1 = c.__aexit__, then a = c.__aenter__() (to be awaited)
	OpWithexit              // a = exit(None, None, None)
	OpWithexc               // a = exit(type(c), c, c.__traceback__)
	OpImport                // a = __import__(name Cx, globals, locals, fromlist b+1, level b)
	OpImportfrom            // a = from b import name Cx
	OpImportstar            // from a import * into the frame's local mapping
	OpBuildclass            // a = __build_class__
	OpAsserterr             // a = AssertionError
	OpAnnotations           // make __annotations__ in the frame's local mapping if missing
	OpMakefunc              // a = function of site Cx; from b on: defaults tuple, keyword defaults dict, annotations tuple, as far as the site's flags say
	OpPrint                 // sys.displayhook(a) (compile mode "single")
	OpLen                   // a = len(b)
	OpMatchmap              // a = b is a mapping for match
	OpMatchseq              // a = b is a sequence for match
	OpMatchkeys             // a = tuple of the values of mapping b at keys c (tuple), or None
	OpMatchclass            // a = tuple of attributes of subject b as class pattern b+1 (d positional, names in constant c), or None
	OpTypevar               // a = type parameter named b; d: 0 TypeVar, 1 ParamSpec, 2 TypeVarTuple
	OpTypebound             // a = TypeVar named b; c = function of its bound (d=0) or constraints (d=1)
	OpTypedefault           // function b computes the default of type parameter a
	OpTypealias             // a = TypeAliasType(name b, type parameters b+1 (tuple or None), value function b+2)
	OpGeneric               // a = typing.Generic[*b]
	OpTypeparams            // function (or class) a .__type_params__ = b
	OpTrace                 // report what happens at the next instruction to the trace functions (Traced puts one before each instruction; elsewhere it does nothing)

	// NumOps is the number of instructions.
	NumOps = iota
)

var ops = [NumOps]Info{
	OpNop:         {Name: "nop", Kinds: "----", Spans: "", Stop: "n", Doc: "does nothing; carries a line"},
	OpMove:        {Name: "move", Kinds: "wr--", Spans: "", Stop: "n", Doc: "a = b"},
	OpLoadk:       {Name: "loadk", Kinds: "wK--", Spans: "", Stop: "n", Doc: "a = constant Bx"},
	OpLoadi:       {Name: "loadi", Kinds: "wI--", Spans: "", Stop: "n", Doc: "a = the int sBx (32 bits)"},
	OpClear:       {Name: "clear", Kinds: "u---", Spans: "", Stop: "n", Doc: "a becomes unbound (del of a local after check; end of an except name)"},
	OpCheck:       {Name: "check", Kinds: "?---", Spans: "", Stop: "", Doc: "raise UnboundLocalError (VarNames[a]) if a is unbound"},
	OpLoadcell:    {Name: "loadcell", Kinds: "wc--", Spans: "", Stop: "", Doc: "a = content of own cell b; unbound: UnboundLocalError"},
	OpStorecell:   {Name: "storecell", Kinds: "cr--", Spans: "", Stop: "n", Doc: "content of own cell a = b"},
	OpDelcell:     {Name: "delcell", Kinds: "c---", Spans: "", Stop: "", Doc: "empty own cell a; unbound: UnboundLocalError"},
	OpNewcell:     {Name: "newcell", Kinds: "c---", Spans: "", Stop: "n", Doc: "own cell register a = a fresh empty cell (an inlined comprehension's captured variable)"},
	OpLoadfree:    {Name: "loadfree", Kinds: "wf--", Spans: "", Stop: "", Doc: "a = content of closure cell b; unbound: NameError \"cannot access free variable\""},
	OpStorefree:   {Name: "storefree", Kinds: "fr--", Spans: "", Stop: "n", Doc: "content of closure cell a = b"},
	OpDelfree:     {Name: "delfree", Kinds: "f---", Spans: "", Stop: "", Doc: "empty closure cell a; unbound: NameError"},
	OpDictorfree:  {Name: "dictorfree", Kinds: "wrf-", Spans: "", Stop: "", Doc: "a = b[name of closure cell c] if the mapping b has it, else the cell's content (class bodies)"},
	OpDictorcell:  {Name: "dictorcell", Kinds: "wrc-", Spans: "", Stop: "", Doc: "as dictorfree, with own cell c"},
	OpDictorglob:  {Name: "dictorglob", Kinds: "wrN-", Spans: "", Stop: "", Doc: "a = b[name Cx] if the mapping b has it, else global or builtin of that name"},
	OpLoadglobal:  {Name: "loadglobal", Kinds: "wN--", Spans: "", Stop: "", Doc: "a = global or builtin name Bx; NameError"},
	OpStoreglobal: {Name: "storeglobal", Kinds: "rN--", Spans: "", Stop: "", Doc: "global name Bx = a"},
	OpDelglobal:   {Name: "delglobal", Kinds: "-N--", Spans: "", Stop: "", Doc: "del global name Bx; NameError"},
	OpLoadname:    {Name: "loadname", Kinds: "wN--", Spans: "", Stop: "", Doc: "a = name Bx from the frame's local mapping, globals, builtins"},
	OpStorename:   {Name: "storename", Kinds: "rN--", Spans: "", Stop: "", Doc: "name Bx in the frame's local mapping = a"},
	OpDelname:     {Name: "delname", Kinds: "-N--", Spans: "", Stop: "", Doc: "del name Bx in the frame's local mapping; NameError"},
	OpLocals:      {Name: "locals", Kinds: "w---", Spans: "", Stop: "", Doc: "a = the frame's local mapping (class bodies: the namespace)"},
	OpNeg:         {Name: "neg", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = -b"},
	OpPos:         {Name: "pos", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = +b"},
	OpInv:         {Name: "inv", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = ~b"},
	OpNot:         {Name: "not", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = not b"},
	OpBool:        {Name: "bool", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = bool(b)"},
	OpAdd:         {Name: "add", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b + c; d&1: in place (b += c)"},
	OpSub:         {Name: "sub", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b - c"},
	OpMul:         {Name: "mul", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b * c"},
	OpMatmul:      {Name: "matmul", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b @ c"},
	OpDiv:         {Name: "div", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b / c"},
	OpFloordiv:    {Name: "floordiv", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b // c"},
	OpMod:         {Name: "mod", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b % c"},
	OpPow:         {Name: "pow", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b ** c"},
	OpLsh:         {Name: "lsh", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b << c"},
	OpRsh:         {Name: "rsh", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b >> c"},
	OpAnd:         {Name: "and", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b & c"},
	OpOr:          {Name: "or", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b | c"},
	OpXor:         {Name: "xor", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b ^ c"},
	OpAddi:        {Name: "addi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b + int c; d&1: in place; d&2: operands swapped (int c + b)"},
	OpSubi:        {Name: "subi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b - int c (never swapped)"},
	OpMuli:        {Name: "muli", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b * int c; d&2: swapped"},
	OpDivi:        {Name: "divi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b / int c"},
	OpFloordivi:   {Name: "floordivi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b // int c"},
	OpModi:        {Name: "modi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b % int c"},
	OpPowi:        {Name: "powi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b ** int c"},
	OpLshi:        {Name: "lshi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b << int c"},
	OpRshi:        {Name: "rshi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b >> int c"},
	OpAndi:        {Name: "andi", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b & int c; d&2: swapped"},
	OpOri:         {Name: "ori", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b | int c; d&2: swapped"},
	OpXori:        {Name: "xori", Kinds: "wri#", Spans: "", Stop: "", Doc: "a = b ^ int c; d&2: swapped"},
	OpAddk:        {Name: "addk", Kinds: "wrk#", Spans: "", Stop: "", Doc: "a = b + constant c; d&1: in place; d&2: swapped (constant + b)"},
	OpSubk:        {Name: "subk", Kinds: "wrk#", Spans: "", Stop: "", Doc: "a = b - constant c; d&2: swapped"},
	OpMulk:        {Name: "mulk", Kinds: "wrk#", Spans: "", Stop: "", Doc: "a = b * constant c; d&2: swapped"},
	OpDivk:        {Name: "divk", Kinds: "wrk#", Spans: "", Stop: "", Doc: "a = b / constant c; d&2: swapped"},
	OpEq:          {Name: "eq", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = b == c"},
	OpNe:          {Name: "ne", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = b != c"},
	OpLt:          {Name: "lt", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = b < c"},
	OpLe:          {Name: "le", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = b <= c"},
	OpGt:          {Name: "gt", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = b > c"},
	OpGe:          {Name: "ge", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = b >= c"},
	OpEqi:         {Name: "eqi", Kinds: "wri-", Spans: "", Stop: "", Doc: "a = b == int c"},
	OpNei:         {Name: "nei", Kinds: "wri-", Spans: "", Stop: "", Doc: "a = b != int c"},
	OpLti:         {Name: "lti", Kinds: "wri-", Spans: "", Stop: "", Doc: "a = b < int c"},
	OpLei:         {Name: "lei", Kinds: "wri-", Spans: "", Stop: "", Doc: "a = b <= int c"},
	OpGti:         {Name: "gti", Kinds: "wri-", Spans: "", Stop: "", Doc: "a = b > int c"},
	OpGei:         {Name: "gei", Kinds: "wri-", Spans: "", Stop: "", Doc: "a = b >= int c"},
	OpEqk:         {Name: "eqk", Kinds: "wrk-", Spans: "", Stop: "", Doc: "a = b == constant c"},
	OpNek:         {Name: "nek", Kinds: "wrk-", Spans: "", Stop: "", Doc: "a = b != constant c"},
	OpIs:          {Name: "is", Kinds: "wrr#", Spans: "", Stop: "n", Doc: "a = b is c; d&1: is not"},
	OpIn:          {Name: "in", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = b in c; d&1: not in"},
	OpJmp:         {Name: "jmp", Kinds: "-J--", Spans: "", Stop: "t", Doc: "go forward by sBx"},
	OpLoop:        {Name: "loop", Kinds: "-J--", Spans: "", Stop: "t", Doc: "go back by sBx (sBx < 0): the counted, polled back-edge"},
	OpJt:          {Name: "jt", Kinds: "rJ--", Spans: "", Stop: "", Doc: "go forward by sBx if a is true"},
	OpJf:          {Name: "jf", Kinds: "rJ--", Spans: "", Stop: "", Doc: "go forward by sBx if a is false"},
	OpJnone:       {Name: "jnone", Kinds: "rJ--", Spans: "", Stop: "n", Doc: "go forward by sBx if a is None"},
	OpJnotnone:    {Name: "jnotnone", Kinds: "rJ--", Spans: "", Stop: "n", Doc: "go forward by sBx if a is not None"},
	OpJeq:         {Name: "jeq", Kinds: "rrj#", Spans: "", Stop: "", Doc: "go forward by c if bool(a == b) is (d&1 != 0)"},
	OpJne:         {Name: "jne", Kinds: "rrj#", Spans: "", Stop: "", Doc: "the same for a != b"},
	OpJlt:         {Name: "jlt", Kinds: "rrj#", Spans: "", Stop: "", Doc: "the same for a < b"},
	OpJle:         {Name: "jle", Kinds: "rrj#", Spans: "", Stop: "", Doc: "the same for a <= b"},
	OpJgt:         {Name: "jgt", Kinds: "rrj#", Spans: "", Stop: "", Doc: "the same for a > b"},
	OpJge:         {Name: "jge", Kinds: "rrj#", Spans: "", Stop: "", Doc: "the same for a >= b"},
	OpJeqi:        {Name: "jeqi", Kinds: "rij#", Spans: "", Stop: "", Doc: "go forward by c if bool(a == int b) is (d&1 != 0)"},
	OpJnei:        {Name: "jnei", Kinds: "rij#", Spans: "", Stop: "", Doc: "the same for a != int b"},
	OpJlti:        {Name: "jlti", Kinds: "rij#", Spans: "", Stop: "", Doc: "the same for a < int b"},
	OpJlei:        {Name: "jlei", Kinds: "rij#", Spans: "", Stop: "", Doc: "the same for a <= int b"},
	OpJgti:        {Name: "jgti", Kinds: "rij#", Spans: "", Stop: "", Doc: "the same for a > int b"},
	OpJgei:        {Name: "jgei", Kinds: "rij#", Spans: "", Stop: "", Doc: "the same for a >= int b"},
	OpJeqk:        {Name: "jeqk", Kinds: "rkj#", Spans: "", Stop: "", Doc: "the same for a == constant b"},
	OpJnek:        {Name: "jnek", Kinds: "rkj#", Spans: "", Stop: "", Doc: "the same for a != constant b"},
	OpJis:         {Name: "jis", Kinds: "rrj#", Spans: "", Stop: "n", Doc: "go forward by c if (a is b) is (d&1 != 0)"},
	OpJin:         {Name: "jin", Kinds: "rrj#", Spans: "", Stop: "", Doc: "go forward by c if (a in b) is (d&1 != 0)"},
	OpLoadattr:    {Name: "loadattr", Kinds: "wrS-", Spans: "", Stop: "", Doc: "a = b.name of site Cx"},
	OpStoreattr:   {Name: "storeattr", Kinds: "rrS-", Spans: "", Stop: "", Doc: "a.name of site Cx = b"},
	OpDelattr:     {Name: "delattr", Kinds: "r-S-", Spans: "", Stop: "", Doc: "del a.name of site Cx"},
	OpLoadmethod:  {Name: "loadmethod", Kinds: "orS-", Spans: "v:a:2", Stop: "", Doc: "look up b.name for a call: a = function and a+1 = b, or a = value and a+1 unbound; WRITES both"},
	OpSuperattr:   {Name: "superattr", Kinds: "wos#", Spans: "r:b:3", Stop: "", Doc: "a = super(b+1, b+2).name of site c; b = the global found as \"super\": if it is not the builtin, call it (d&1: with b+1, b+2; else with nothing)"},
	OpSupermethod: {Name: "supermethod", Kinds: "oos#", Spans: "v:a:2 r:b:3", Stop: "", Doc: "as superattr, with loadmethod's two results in a and a+1"},
	OpCall:        {Name: "call", Kinds: "wo#-", Spans: "r:b:1+c", Stop: "", Doc: "a = b(b+1, ..., b+c)"},
	OpCallm:       {Name: "callm", Kinds: "wo#-", Spans: "r:b:1 v:b+1:1 r:b+2:c", Stop: "", Doc: "after loadmethod: a = b([b+1 if bound,] b+2, ..., b+1+c)"},
	OpCallmethod:  {Name: "callmethod", Kinds: "wos#", Spans: "w:b:1 r:b+1:1+d", Stop: "", Doc: "a = (b+1).name of site c (b+2, ..., b+1+d); the arguments have no effects; b is scratch"},
	OpCallkw:      {Name: "callkw", Kinds: "woq#", Spans: "call", Stop: "", Doc: "call with keywords: site c says how many positional and which names follow; d&1: callm's layout (b+1 self or unbound), else call's"},
	OpCallex:      {Name: "callex", Kinds: "wo-#", Spans: "r:b:2+d", Stop: "", Doc: "a = b(*b+1, **b+2); b+2 is there when d&1"},
	OpRet:         {Name: "ret", Kinds: "r---", Spans: "", Stop: "t", Doc: "return a"},
	OpRetnone:     {Name: "retnone", Kinds: "----", Spans: "", Stop: "t", Doc: "return None"},
	OpGetitem:     {Name: "getitem", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = b[c]"},
	OpGetitemi:    {Name: "getitemi", Kinds: "wri-", Spans: "", Stop: "", Doc: "a = b[int c]"},
	OpGetitemk:    {Name: "getitemk", Kinds: "wrk-", Spans: "", Stop: "", Doc: "a = b[constant c]"},
	OpSetitem:     {Name: "setitem", Kinds: "rrr-", Spans: "", Stop: "", Doc: "a[b] = c"},
	OpSetitemi:    {Name: "setitemi", Kinds: "rir-", Spans: "", Stop: "", Doc: "a[int b] = c"},
	OpSetitemk:    {Name: "setitemk", Kinds: "rkr-", Spans: "", Stop: "", Doc: "a[constant b] = c"},
	OpDelitem:     {Name: "delitem", Kinds: "rr--", Spans: "", Stop: "", Doc: "del a[b]"},
	OpGetslice:    {Name: "getslice", Kinds: "wro-", Spans: "r:c:2", Stop: "", Doc: "a = b[c:c+1]"},
	OpSetslice:    {Name: "setslice", Kinds: "ror-", Spans: "r:b:2", Stop: "", Doc: "a[b:b+1] = c"},
	OpSlice:       {Name: "slice", Kinds: "wo#-", Spans: "r:b:c", Stop: "", Doc: "a = slice(b, ...), c is 2 or 3"},
	OpTuple:       {Name: "tuple", Kinds: "wo#-", Spans: "r:b:c", Stop: "", Doc: "a = (b, ..., b+c-1)"},
	OpList:        {Name: "list", Kinds: "wo#-", Spans: "r:b:c", Stop: "", Doc: "a = [b, ..., b+c-1]"},
	OpSet:         {Name: "set", Kinds: "wo#-", Spans: "r:b:c", Stop: "", Doc: "a = {b, ..., b+c-1}"},
	OpDict:        {Name: "dict", Kinds: "wo#-", Spans: "r:b:2*c", Stop: "", Doc: "a = {b: b+1, ...}, c pairs"},
	OpString:      {Name: "string", Kinds: "wo#-", Spans: "r:b:c", Stop: "", Doc: "a = the strings b, ..., b+c-1 joined"},
	OpAppend:      {Name: "append", Kinds: "rr--", Spans: "", Stop: "", Doc: "list a .append(b)"},
	OpExtend:      {Name: "extend", Kinds: "rr--", Spans: "", Stop: "", Doc: "list a .extend(b); not iterable: \"Value after * must be an iterable, not T\""},
	OpSetadd:      {Name: "setadd", Kinds: "rr--", Spans: "", Stop: "", Doc: "set a .add(b)"},
	OpSetupdate:   {Name: "setupdate", Kinds: "rr--", Spans: "", Stop: "", Doc: "set a .update(b)"},
	OpDictset:     {Name: "dictset", Kinds: "rrr-", Spans: "", Stop: "", Doc: "dict a [b] = c"},
	OpDictupdate:  {Name: "dictupdate", Kinds: "rr--", Spans: "", Stop: "", Doc: "dict a .update(mapping b); not a mapping: \"'T' object is not a mapping\""},
	OpDictmerge:   {Name: "dictmerge", Kinds: "rrr-", Spans: "", Stop: "", Doc: "keywords: dict a gets mapping b; a repeated or non-string key raises TypeError about callee c"},
	OpTotuple:     {Name: "totuple", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = tuple(list b)"},
	OpFormat:      {Name: "format", Kinds: "wr-#", Spans: "", Stop: "", Doc: "a = format(conv(b), \"\"); d: 0 none, 1 str, 2 repr, 3 ascii"},
	OpFormatspec:  {Name: "formatspec", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = format(conv(b), c)"},
	OpUnpack:      {Name: "unpack", Kinds: "or#-", Spans: "w:a:c", Stop: "", Doc: "a, ..., a+c-1 = b"},
	OpUnpackex:    {Name: "unpackex", Kinds: "or##", Spans: "w:a:d+1+c", Stop: "", Doc: "a, ..., *a+d, ... = b: d values before the star, c after it"},
	OpGetiter:     {Name: "getiter", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = iter(b)"},
	OpFornext:     {Name: "fornext", Kinds: "wrj-", Spans: "", Stop: "", Doc: "a = next(b) and go by c (back: a counted, polled back-edge); when b is exhausted fall through, a untouched"},
	OpYielditer:   {Name: "yielditer", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = iter(b) for yield from (a coroutine only in a coroutine)"},
	OpYield:       {Name: "yield", Kinds: "wr-#", Spans: "", Stop: "", Doc: "yield b; when resumed a = the value sent; d&1: wrap for an async generator"},
	OpYieldfrom:   {Name: "yieldfrom", Kinds: "xr-#", Spans: "", Stop: "", Doc: "send a to b: if it yields, yield that and run this instruction again with a = the value sent; if it returns, a = the result. d&1: await"},
	OpAwaitable:   {Name: "awaitable", Kinds: "wr-#", Spans: "", Stop: "", Doc: "a = awaitable of b; d: 0 await, 1 of __aenter__, 2 of __aexit__ (error texts)"},
	OpAiter:       {Name: "aiter", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = aiter(b)"},
	OpAnext:       {Name: "anext", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = awaitable of anext(b)"},
	OpEndasyncfor: {Name: "endasyncfor", Kinds: "r---", Spans: "", Stop: "", Doc: "exception a: swallow StopAsyncIteration, else reraise a"},
	OpRaise:       {Name: "raise", Kinds: "r---", Spans: "", Stop: "t", Doc: "raise a"},
	OpRaisefrom:   {Name: "raisefrom", Kinds: "rr--", Spans: "", Stop: "t", Doc: "raise a from b"},
	OpRaisecur:    {Name: "raisecur", Kinds: "----", Spans: "", Stop: "t", Doc: "raise (the exception being handled, else RuntimeError)"},
	OpReraise:     {Name: "reraise", Kinds: "r---", Spans: "", Stop: "t", Doc: "raise a again, adding no traceback entry for this instruction"},
	OpPushexc:     {Name: "pushexc", Kinds: "wr--", Spans: "", Stop: "n", Doc: "a = the exception being handled (or None); b becomes the one being handled"},
	OpPopexc:      {Name: "popexc", Kinds: "r---", Spans: "", Stop: "n", Doc: "a (saved by pushexc) becomes the exception being handled"},
	OpJnomatch:    {Name: "jnomatch", Kinds: "rrj-", Spans: "", Stop: "", Doc: "go forward by c if exception a does not match type (or tuple) b"},
	OpEgmatch:     {Name: "egmatch", Kinds: "orr-", Spans: "w:a:2", Stop: "", Doc: "except*: a = rest, a+1 = matched part (None when empty) of exception group b for type c"},
	OpEgprep:      {Name: "egprep", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = what except* clauses leave to raise of group b, with list c of raised and unhandled; None for nothing"},
	OpWithenter:   {Name: "withenter", Kinds: "wor-", Spans: "v:b:2", Stop: "", Doc: "b, b+1 = c.__exit__ as loadmethod gives it (WRITTEN), then a = c.__enter__()"},
	OpAwithenter:  {Name: "awithenter", Kinds: "wor-", Spans: "v:b:2", Stop: "", Doc: "b, b+1 = c.__aexit__, then a = c.__aenter__() (to be awaited)"},
	OpWithexit:    {Name: "withexit", Kinds: "wo--", Spans: "v:b:2", Stop: "", Doc: "a = exit(None, None, None)"},
	OpWithexc:     {Name: "withexc", Kinds: "wor-", Spans: "v:b:2", Stop: "", Doc: "a = exit(type(c), c, c.__traceback__)"},
	OpImport:      {Name: "import", Kinds: "woN-", Spans: "r:b:2", Stop: "", Doc: "a = __import__(name Cx, globals, locals, fromlist b+1, level b)"},
	OpImportfrom:  {Name: "importfrom", Kinds: "wrN-", Spans: "", Stop: "", Doc: "a = from b import name Cx"},
	OpImportstar:  {Name: "importstar", Kinds: "r---", Spans: "", Stop: "", Doc: "from a import * into the frame's local mapping"},
	OpBuildclass:  {Name: "buildclass", Kinds: "w---", Spans: "", Stop: "", Doc: "a = __build_class__"},
	OpAsserterr:   {Name: "asserterr", Kinds: "w---", Spans: "", Stop: "", Doc: "a = AssertionError"},
	OpAnnotations: {Name: "annotations", Kinds: "----", Spans: "", Stop: "", Doc: "make __annotations__ in the frame's local mapping if missing"},
	OpMakefunc:    {Name: "makefunc", Kinds: "woM-", Spans: "func", Stop: "", Doc: "a = function of site Cx; from b on: defaults tuple, keyword defaults dict, annotations tuple, as far as the site's flags say"},
	OpPrint:       {Name: "print", Kinds: "r---", Spans: "", Stop: "", Doc: "sys.displayhook(a) (compile mode \"single\")"},
	OpLen:         {Name: "len", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = len(b)"},
	OpMatchmap:    {Name: "matchmap", Kinds: "wr--", Spans: "", Stop: "n", Doc: "a = b is a mapping for match"},
	OpMatchseq:    {Name: "matchseq", Kinds: "wr--", Spans: "", Stop: "n", Doc: "a = b is a sequence for match"},
	OpMatchkeys:   {Name: "matchkeys", Kinds: "wrr-", Spans: "", Stop: "", Doc: "a = tuple of the values of mapping b at keys c (tuple), or None"},
	OpMatchclass:  {Name: "matchclass", Kinds: "wok#", Spans: "r:b:2", Stop: "", Doc: "a = tuple of attributes of subject b as class pattern b+1 (d positional, names in constant c), or None"},
	OpTypevar:     {Name: "typevar", Kinds: "wr-#", Spans: "", Stop: "", Doc: "a = type parameter named b; d: 0 TypeVar, 1 ParamSpec, 2 TypeVarTuple"},
	OpTypebound:   {Name: "typebound", Kinds: "wrr#", Spans: "", Stop: "", Doc: "a = TypeVar named b; c = function of its bound (d=0) or constraints (d=1)"},
	OpTypedefault: {Name: "typedefault", Kinds: "rr--", Spans: "", Stop: "", Doc: "function b computes the default of type parameter a"},
	OpTypealias:   {Name: "typealias", Kinds: "wo--", Spans: "r:b:3", Stop: "", Doc: "a = TypeAliasType(name b, type parameters b+1 (tuple or None), value function b+2)"},
	OpGeneric:     {Name: "generic", Kinds: "wr--", Spans: "", Stop: "", Doc: "a = typing.Generic[*b]"},
	OpTypeparams:  {Name: "typeparams", Kinds: "rr--", Spans: "", Stop: "", Doc: "function (or class) a .__type_params__ = b"},
	OpTrace:       {Name: "trace", Kinds: "----", Spans: "", Stop: "", Doc: "report what happens at the next instruction to the trace functions (Traced puts one before each instruction; elsewhere it does nothing)"},
}
