"""The classes of the syntax tree's nodes, made from the abstract grammar.

A line is `Sum(attributes)`, or `  Node field field...` below its sum. Only the classes are here: compile() makes the trees.
"""

PyCF_ONLY_AST = 0x400
PyCF_TYPE_COMMENTS = 0x1000
PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_OPTIMIZED_AST = 0x8400

_grammar = '''
mod
  Module body type_ignores
  Interactive body
  Expression body
  FunctionType argtypes returns
stmt lineno col_offset end_lineno? end_col_offset?
  FunctionDef name args body decorator_list returns? type_comment? type_params
  AsyncFunctionDef name args body decorator_list returns? type_comment? type_params
  ClassDef name bases keywords body decorator_list type_params
  Return value?
  Delete targets
  Assign targets value type_comment?
  TypeAlias name type_params value
  AugAssign target op value
  AnnAssign target annotation value? simple
  For target iter body orelse type_comment?
  AsyncFor target iter body orelse type_comment?
  While test body orelse
  If test body orelse
  With items body type_comment?
  AsyncWith items body type_comment?
  Match subject cases
  Raise exc? cause?
  Try body handlers orelse finalbody
  TryStar body handlers orelse finalbody
  Assert test msg?
  Import names
  ImportFrom module? names level?
  Global names
  Nonlocal names
  Expr value
  Pass
  Break
  Continue
expr lineno col_offset end_lineno? end_col_offset?
  BoolOp op values
  NamedExpr target value
  BinOp left op right
  UnaryOp op operand
  Lambda args body
  IfExp test body orelse
  Dict keys values
  Set elts
  ListComp elt generators
  SetComp elt generators
  DictComp key value generators
  GeneratorExp elt generators
  Await value
  Yield value?
  YieldFrom value
  Compare left ops comparators
  Call func args keywords
  FormattedValue value conversion format_spec?
  JoinedStr values
  Constant value kind?
  Attribute value attr ctx
  Subscript value slice ctx
  Starred value ctx
  Name id ctx
  List elts ctx
  Tuple elts ctx
  Slice lower? upper? step?
expr_context
  Load
  Store
  Del
boolop
  And
  Or
operator
  Add
  Sub
  Mult
  MatMult
  Div
  Mod
  Pow
  LShift
  RShift
  BitOr
  BitXor
  BitAnd
  FloorDiv
unaryop
  Invert
  Not
  UAdd
  USub
cmpop
  Eq
  NotEq
  Lt
  LtE
  Gt
  GtE
  Is
  IsNot
  In
  NotIn
excepthandler lineno col_offset end_lineno? end_col_offset?
  ExceptHandler type? name? body
pattern lineno col_offset end_lineno? end_col_offset?
  MatchValue value
  MatchSingleton value
  MatchSequence patterns
  MatchMapping keys patterns rest?
  MatchClass cls patterns kwd_attrs kwd_patterns
  MatchStar name?
  MatchAs pattern? name?
  MatchOr patterns
type_ignore
  TypeIgnore lineno tag
type_param lineno col_offset end_lineno? end_col_offset?
  TypeVar name bound? default_value?
  ParamSpec name default_value?
  TypeVarTuple name default_value?
'''

_products = '''
comprehension target iter ifs is_async
arguments posonlyargs args vararg? kwonlyargs kw_defaults kwarg? defaults
arg* arg annotation? type_comment?
keyword* arg? value
alias* name asname?
withitem context_expr optional_vars?
match_case pattern guard? body
'''


class AST:
    _fields = ()
    _attributes = ()
    __match_args__ = ()

    def __init__(self, *args, **kwargs):
        name = type(self).__name__
        if len(args) > len(self._fields):
            plural = '' if len(self._fields) == 1 else 's'
            raise TypeError(f"{name} constructor takes at most {len(self._fields)} positional argument{plural}")
        for field, value in zip(self._fields, args):
            if field in kwargs:
                raise TypeError(f"{name} got multiple values for argument '{field}'")
            setattr(self, field, value)
        for field, value in kwargs.items():
            setattr(self, field, value)

    def __reduce_ex__(self, protocol):
        return type(self), (), self.__dict__


def _make(name, base, fields, attributes):
    """A class; fields and attributes marked with a question mark are optional, None unless given."""
    namespace = {'__module__': 'ast'}
    for word in fields + attributes:
        if word[-1] == '?':
            namespace[word[:-1]] = None
    fields, attributes = [tuple(word.rstrip('?') for word in words) for words in (fields, attributes)]
    return type(name, (base,), namespace | {'_fields': fields, '__match_args__': fields, '_attributes': attributes})


def _build(out):
    sum = attributes = None
    for line in _grammar.strip().splitlines():
        name, *fields = line.split()
        if line[0] == ' ':
            out[name] = _make(name, sum, tuple(fields), attributes)
        else:
            attributes = tuple(fields)
            sum = out[name] = _make(name, AST, (), attributes)
    where = ('lineno', 'col_offset', 'end_lineno?', 'end_col_offset?')
    for line in _products.strip().splitlines():
        name, *fields = line.split()
        out[name.rstrip('*')] = _make(name.rstrip('*'), AST, tuple(fields), where if name.endswith('*') else ())


_build(globals())
