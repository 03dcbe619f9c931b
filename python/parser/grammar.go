package parser

// grammarText is the grammar of Python 3.13 in the notation of the PEG machine, used only to find errors. Rules named invalid_* are
// tried only in the second pass. After an alternative:
//
//	=Kind   its node has this kind (else the kind of its first node)
//	?Kind   the same, if it matched more than one item
//	@name   run this error action (errors.go); items marked a: and b: are its operands
//
// The order of alternatives follows the published grammar, because it decides which error is reported.
const grammarText = `
file: statements? ENDMARKER
eval: expressions NEWLINE* ENDMARKER
single: statement_newline
func_type: '(' [type_expressions] ')' '->' expression NEWLINE* ENDMARKER
type_expressions: ','.(('*' | '**')? expression)+
statement_newline: compound_stmt NEWLINE | simple_stmts | NEWLINE
statements: statement+
statement: compound_stmt | simple_stmts
simple_stmts: simple_stmt !';' NEWLINE | ';'.simple_stmt+ [';'] NEWLINE
simple_stmt: assignment | &"type" type_alias | star_expressions | &'return' return_stmt | &('import' | 'from') import_stmt | &'raise' raise_stmt | 'pass' | &'del' del_stmt | &'yield' yield_expr | &'assert' assert_stmt | 'break' | 'continue' | &'global' global_stmt | &'nonlocal' nonlocal_stmt
compound_stmt: &('def' | '@' | 'async') function_def | &'if' if_stmt | &('class' | '@') class_def | &('with' | 'async') with_stmt | &('for' | 'async') for_stmt | &'try' try_stmt | &'while' while_stmt | match_stmt
assignment: NAME ':' expression ['=' annotated_rhs] | ('(' single_target ')' | single_subscript_attribute_target) ':' expression ['=' annotated_rhs] | (star_targets '=')+ (yield_expr | star_expressions) !'=' | single_target augassign ~ annotated_rhs | invalid_assignment
annotated_rhs: yield_expr | star_expressions
augassign: '+=' | '-=' | '*=' | '@=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=' | '**=' | '//='
return_stmt: 'return' [star_expressions]
raise_stmt: 'raise' expression ['from' expression] | 'raise'
global_stmt: 'global' ','.NAME+
nonlocal_stmt: 'nonlocal' ','.NAME+
del_stmt: 'del' del_targets &(';' | NEWLINE) | invalid_del_stmt
assert_stmt: 'assert' expression [',' expression]
import_stmt: invalid_import | import_name | import_from
import_name: 'import' dotted_as_names
import_from: 'from' ('.' | '...')* dotted_name 'import' import_from_targets | 'from' ('.' | '...')+ 'import' import_from_targets
import_from_targets: '(' import_from_as_names [','] ')' | import_from_as_names !',' | '*' | invalid_import_from_targets
import_from_as_names: ','.import_from_as_name+
import_from_as_name: NAME ['as' NAME]
dotted_as_names: ','.dotted_as_name+
dotted_as_name: dotted_name ['as' NAME]
dotted_name: '.'.NAME+
block: NEWLINE INDENT statements DEDENT | simple_stmts | invalid_block
decorators: ('@' named_expression NEWLINE)+
class_def: decorators class_def_raw | class_def_raw
class_def_raw: invalid_class_def_raw | 'class' NAME [type_params] ['(' [arguments] ')'] ':' block
function_def: decorators function_def_raw | function_def_raw
function_def_raw: invalid_def_raw | 'def' NAME [type_params] &&'(' [params] ')' ['->' expression] &&':' block | 'async' 'def' NAME [type_params] &&'(' [params] ')' ['->' expression] &&':' block
params: invalid_parameters | parameters
parameters: slash_no_default param_no_default* param_with_default* [star_etc] | slash_with_default param_with_default* [star_etc] | param_no_default+ param_with_default* [star_etc] | param_with_default+ [star_etc] | star_etc
slash_no_default: param_no_default+ '/' ',' | param_no_default+ '/' &')'
slash_with_default: param_no_default* param_with_default+ '/' ',' | param_no_default* param_with_default+ '/' &')'
star_etc: invalid_star_etc | '*' param_no_default param_maybe_default* [kwds] | '*' param_no_default_star_annotation param_maybe_default* [kwds] | '*' ',' param_maybe_default+ [kwds] | kwds
kwds: invalid_kwds | '**' param_no_default
param_no_default: a:param ',' =Param | a:param &')' =Param
param_no_default_star_annotation: param_star ',' | param_star &')'
param_with_default: param default ',' | param default &')'
param_maybe_default: param default? ',' | param default? &')'
param: NAME annotation? =Param
param_star: NAME ':' star_expression
annotation: ':' expression
default: '=' expression | invalid_default
if_stmt: invalid_if_stmt | 'if' named_expression ':' block elif_stmt | 'if' named_expression ':' block [else_block]
elif_stmt: invalid_elif_stmt | 'elif' named_expression ':' block elif_stmt | 'elif' named_expression ':' block [else_block]
else_block: invalid_else_stmt | 'else' &&':' block
while_stmt: invalid_while_stmt | 'while' named_expression ':' block [else_block]
for_stmt: invalid_for_stmt | 'for' star_targets 'in' ~ star_expressions ':' block [else_block] | 'async' 'for' star_targets 'in' ~ star_expressions ':' block [else_block] | invalid_for_target
with_stmt: invalid_with_stmt_indent | 'with' '(' ','.with_item+ [','] ')' ':' block | 'with' ','.with_item+ ':' block | 'async' 'with' '(' ','.with_item+ [','] ')' ':' block | 'async' 'with' ','.with_item+ ':' block | invalid_with_stmt
with_item: expression 'as' star_target &(',' | ')' | ':') | invalid_with_item | expression
try_stmt: invalid_try_stmt | 'try' &&':' block finally_block | 'try' &&':' block except_block+ [else_block] [finally_block] | 'try' &&':' block except_star_block+ [else_block] [finally_block]
except_block: invalid_except_stmt_indent | 'except' expression ['as' NAME] ':' block | 'except' ':' block | invalid_except_stmt
except_star_block: invalid_except_star_stmt_indent | 'except' '*' expression ['as' NAME] ':' block | invalid_except_stmt
finally_block: invalid_finally_stmt | 'finally' &&':' block
match_stmt: "match" subject_expr ':' NEWLINE INDENT case_block+ DEDENT | invalid_match_stmt
subject_expr: star_named_expression ',' star_named_expressions? | named_expression
case_block: invalid_case_block | "case" patterns guard? ':' block
guard: 'if' named_expression
patterns: open_sequence_pattern | pattern
pattern: as_pattern | or_pattern
as_pattern: or_pattern 'as' pattern_capture_target | invalid_as_pattern
or_pattern: '|'.closed_pattern+ =Pattern
closed_pattern: literal_pattern | capture_pattern | wildcard_pattern | value_pattern | group_pattern | sequence_pattern | mapping_pattern | class_pattern
literal_pattern: signed_number !('+' | '-') | complex_number | strings | 'None' | 'True' | 'False'
literal_expr: signed_number !('+' | '-') | complex_number | strings | 'None' | 'True' | 'False'
complex_number: signed_number '+' NUMBER @complex | signed_number '-' NUMBER @complex
signed_number: NUMBER | '-' NUMBER
capture_pattern: pattern_capture_target
pattern_capture_target: !"_" NAME !('.' | '(' | '=')
wildcard_pattern: "_"
value_pattern: attr !('.' | '(' | '=')
attr: NAME ('.' NAME)+
name_or_attr: NAME ('.' NAME)*
group_pattern: '(' pattern ')'
sequence_pattern: '[' maybe_sequence_pattern? ']' | '(' open_sequence_pattern? ')'
open_sequence_pattern: maybe_star_pattern ',' maybe_sequence_pattern?
maybe_sequence_pattern: ','.maybe_star_pattern+ [',']
maybe_star_pattern: star_pattern | pattern
star_pattern: '*' pattern_capture_target | '*' wildcard_pattern
mapping_pattern: '{' '}' | '{' double_star_pattern [','] '}' | '{' items_pattern ',' double_star_pattern [','] '}' | '{' items_pattern [','] '}'
items_pattern: ','.key_value_pattern+
key_value_pattern: (literal_expr | attr) ':' pattern
double_star_pattern: '**' pattern_capture_target
class_pattern: name_or_attr '(' ')' | name_or_attr '(' positional_patterns [','] ')' | name_or_attr '(' keyword_patterns [','] ')' | name_or_attr '(' positional_patterns ',' keyword_patterns [','] ')' | invalid_class_pattern
positional_patterns: ','.pattern+ =Patterns
keyword_patterns: ','.keyword_pattern+
keyword_pattern: NAME '=' pattern
type_alias: "type" NAME [type_params] '=' expression
type_params: invalid_type_params | '[' type_param_seq ']'
type_param_seq: ','.type_param+ [',']
type_param: NAME [':' expression] ['=' expression] | bad_type_param | '*' NAME ['=' star_expression] | '**' NAME ['=' expression]
expressions: expression (',' expression)+ [','] =Tuple | expression ',' =Tuple | expression
expression: invalid_expression | invalid_legacy_expression | disjunction 'if' disjunction 'else' expression =IfExp | disjunction | lambdef
yield_expr: 'yield' 'from' expression =Yield | 'yield' [star_expressions] =Yield
star_expressions: star_expression (',' star_expression)+ [','] =Tuple | star_expression ',' =Tuple | star_expression
star_expression: '*' bitwise_or =Starred | expression
star_named_expressions: ','.star_named_expression+ [','] =Elements
star_named_expression: '*' bitwise_or =Starred | named_expression
assignment_expression: NAME ':=' ~ expression =NamedExpr
named_expression: assignment_expression | invalid_named_expression | expression !':='
disjunction: conjunction ('or' conjunction)+ =BoolOp | conjunction
conjunction: inversion ('and' inversion)+ =BoolOp | inversion
inversion: 'not' inversion =UnaryOp | comparison
comparison: bitwise_or compare_pair+ =Compare | bitwise_or
compare_pair: ('==' | !barry '!=' | '<=' | '<' | '>=' | '>' | 'not' 'in' | 'in' | 'is' 'not' | 'is') bitwise_or
barry: BARRY
bitwise_or: '|'.bitwise_xor+ ?BinOp
bitwise_xor: '^'.bitwise_and+ ?BinOp
bitwise_and: '&'.shift_expr+ ?BinOp
shift_expr: invalid_arithmetic | sum (('<<' | '>>') sum)* ?BinOp
sum: term (('+' | '-') term)* ?BinOp
term: factor (('*' | '/' | '//' | '%' | '@') factor)* ?BinOp
factor: ('+' | '-' | '~') factor =UnaryOp | invalid_factor | power
power: await_primary '**' factor =BinOp | await_primary
await_primary: 'await' primary =Await | primary
primary: atom trailer* =Primary
trailer: '.' NAME =Attribute | genexp =Call | '(' [arguments] ')' =Call | '[' slices ']' =Subscript
slices: slice !',' | ','.(slice | starred_expression)+ [',']
slice: [expression] ':' [expression] [':' [expression]] | named_expression
atom: NAME =Name | 'True' =True | 'False' =False | 'None' =None | &(STRING | FSTRING_START) strings | number | &'(' (tuple | group | genexp) | &'[' (list | listcomp) | &'{' (dict | set | dictcomp | setcomp) | '...' =Ellipsis
number: NUMBER @number
group: '(' a:(yield_expr | named_expression) ')' =Group | invalid_group
lambdef: 'lambda' [lambda_params] ':' expression =Lambda
lambda_params: invalid_lambda_parameters | lambda_parameters
lambda_parameters: lambda_slash_no_default lambda_param_no_default* lambda_param_with_default* [lambda_star_etc] | lambda_slash_with_default lambda_param_with_default* [lambda_star_etc] | lambda_param_no_default+ lambda_param_with_default* [lambda_star_etc] | lambda_param_with_default+ [lambda_star_etc] | lambda_star_etc
lambda_slash_no_default: lambda_param_no_default+ '/' ',' | lambda_param_no_default+ '/' &':'
lambda_slash_with_default: lambda_param_no_default* lambda_param_with_default+ '/' ',' | lambda_param_no_default* lambda_param_with_default+ '/' &':'
lambda_star_etc: invalid_lambda_star_etc | '*' lambda_param_no_default lambda_param_maybe_default* [lambda_kwds] | '*' ',' lambda_param_maybe_default+ [lambda_kwds] | lambda_kwds
lambda_kwds: invalid_lambda_kwds | '**' lambda_param_no_default
lambda_param_no_default: lambda_param ',' =Param | lambda_param &':' =Param
lambda_param_with_default: lambda_param default ',' | lambda_param default &':'
lambda_param_maybe_default: lambda_param default? ',' | lambda_param default? &':'
lambda_param: NAME =Param
fstring_middle: fstring_replacement_field | FSTRING_MIDDLE
fstring_replacement_field: '{' annotated_rhs '='? [fstring_conversion] [fstring_full_format_spec] '}' | invalid_replacement_field
fstring_conversion: a:'!' b:NAME @conversion
fstring_full_format_spec: ':' fstring_format_spec*
fstring_format_spec: FSTRING_MIDDLE | fstring_replacement_field
fstring: FSTRING_START fstring_middle* FSTRING_END =JoinedStr
strings: a:(fstring | STRING)+ @strings
list: '[' [star_named_expressions] ']' =List
tuple: '(' [star_named_expression ',' [star_named_expressions]] ')' =Tuple
set: '{' star_named_expressions '}' =Set
dict: '{' [double_starred_kvpairs] '}' =Dict | '{' invalid_double_starred_kvpairs '}'
double_starred_kvpairs: ','.double_starred_kvpair+ [',']
double_starred_kvpair: '**' bitwise_or | kvpair
kvpair: expression ':' expression
for_if_clauses: for_if_clause+ =Clauses
for_if_clause: 'async' 'for' star_targets 'in' ~ disjunction ('if' disjunction)* | 'for' star_targets 'in' ~ disjunction ('if' disjunction)* | invalid_for_if_clause | invalid_for_target
listcomp: '[' named_expression for_if_clauses ']' =ListComp | invalid_comprehension
setcomp: '{' named_expression for_if_clauses '}' =SetComp | invalid_comprehension
genexp: '(' (assignment_expression | expression !':=') for_if_clauses ')' =GeneratorExp | invalid_comprehension
dictcomp: '{' kvpair for_if_clauses '}' =DictComp | invalid_dict_comprehension
arguments: args [','] &')' | invalid_arguments
args: ','.positional+ [',' kwargs] =Args | kwargs =Args
positional: starred_expression | (assignment_expression | expression !':=') !'='
kwargs: ','.kwarg_or_starred+ ',' ','.kwarg_or_double_starred+ | ','.kwarg_or_starred+ | ','.kwarg_or_double_starred+
starred_expression: invalid_starred_expression | '*' expression =Starred | '*' @last:Invalid star expression
kwarg_or_starred: invalid_kwarg | NAME '=' expression =Keyword | starred_expression
kwarg_or_double_starred: invalid_kwarg | NAME '=' expression =Keyword | '**' expression =DoubleStar
star_targets: star_target !',' | star_target (',' star_target)* [','] =Tuple
star_targets_list_seq: ','.star_target+ [',']
star_targets_tuple_seq: star_target (',' star_target)+ [','] | star_target ','
star_target: '*' !'*' star_target =Starred | target_with_star_atom
target_with_star_atom: t_primary '.' NAME !t_lookahead =Attribute | t_primary '[' slices ']' !t_lookahead =Subscript | star_atom
star_atom: NAME =Name | '(' target_with_star_atom ')' | '(' [star_targets_tuple_seq] ')' =Tuple | '[' [star_targets_list_seq] ']' =List
single_target: single_subscript_attribute_target | NAME | '(' single_target ')'
single_subscript_attribute_target: t_primary '.' NAME !t_lookahead =Attribute | t_primary '[' slices ']' !t_lookahead =Subscript
t_primary: atom &t_lookahead (trailer &t_lookahead)* =Primary
t_lookahead: '(' | '[' | '.'
del_targets: ','.del_target+ [',']
del_target: t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead | del_t_atom
del_t_atom: NAME | '(' del_target ')' | '(' [del_targets] ')' | '[' [del_targets] ']'
invalid_arguments: ((','.positional+ ',' kwargs) | kwargs) a:',' ','.(starred_expression !'=')+ @from:iterable argument unpacking follows keyword argument unpacking | a:expression b:for_if_clauses ',' [args | expression for_if_clauses] @range:Generator expression must be parenthesized | a:NAME b:'=' expression for_if_clauses @range:invalid syntax. Maybe you meant '==' or ':=' instead of '='? | (args ',')? a:NAME b:'=' &(',' | ')') @range:expected argument value expression | a:args b:for_if_clauses @genexp_in_call | args ',' a:expression b:for_if_clauses @range:Generator expression must be parenthesized | a:args ',' args @argument_order
invalid_arithmetic: sum ('+' | '-' | '*' | '/' | '%' | '//' | '@') a:'not' b:inversion @range:'not' after an operator must be parenthesized
invalid_factor: ('+' | '-' | '~') a:'not' b:factor @range:'not' after an operator must be parenthesized
invalid_kwarg: a:('True' | 'False' | 'None') b:'=' @cannot_assign_keyword | a:NAME b:'=' expression for_if_clauses @range:invalid syntax. Maybe you meant '==' or ':=' instead of '='? | !(NAME '=') a:expression b:'=' @range:expression cannot contain assignment, perhaps you meant "=="? | a:'**' expression '=' b:expression @range:cannot assign to keyword argument unpacking
invalid_starred_expression: a:'*' expression '=' b:expression @range:cannot assign to iterable argument unpacking
expression_without_invalid: disjunction 'if' disjunction 'else' expression =IfExp | disjunction | lambdef
invalid_legacy_expression: a:NAME !'(' b:star_expressions @legacy
invalid_expression: !(NAME STRING | soft_keyword) a:disjunction b:expression_without_invalid @forgot_comma | a:disjunction 'if' b:disjunction !('else' | ':') @range:expected 'else' after 'if' expression | a:'lambda' [lambda_params] b:':' &FSTRING_MIDDLE @range:f-string: lambda expressions are not allowed without parentheses
soft_keyword: SOFT
invalid_named_expression: a:expression ':=' expression @walrus_target | a:NAME '=' b:bitwise_or !('=' | ':=') @range:invalid syntax. Maybe you meant '==' or ':=' instead of '='? | !(list | tuple | genexp | 'True' | 'None' | 'False') a:bitwise_or b:'=' bitwise_or !('=' | ':=') @cannot_assign_here
invalid_assignment: a:invalid_ann_assign_target ':' expression @single_target | a:star_named_expression ',' star_named_expressions* ':' expression @at:only single target (not tuple) can be annotated | a:expression ':' expression @at:illegal target for annotation | (star_targets '=')* a:star_expressions '=' @star_target | (star_targets '=')* a:yield_expr '=' @at:assignment to yield expression not possible | a:star_expressions augassign annotated_rhs @aug_target
invalid_ann_assign_target: list | tuple | '(' a:invalid_ann_assign_target ')' =Group
invalid_del_stmt: 'del' a:star_expressions @del_target
invalid_block: NEWLINE !INDENT @indent:expected an indented block
invalid_comprehension: ('[' | '(' | '{') a:starred_expression for_if_clauses @at:iterable unpacking cannot be used in comprehension | ('[' | '{') a:star_named_expression ',' b:star_named_expressions for_if_clauses @target_parens | ('[' | '{') a:star_named_expression b:',' for_if_clauses @range:did you forget parentheses around the comprehension target?
invalid_dict_comprehension: '{' a:'**' bitwise_or for_if_clauses '}' @at:dict unpacking cannot be used in dict comprehension
invalid_parameters: a:'/' ',' @at:at least one argument must precede / | (slash_no_default | slash_with_default) param_maybe_default* a:'/' @at:/ may appear only once | slash_no_default? param_no_default* invalid_parameters_helper a:param_no_default @at_param:parameter without a default follows parameter with a default | param_no_default* a:'(' param_no_default+ ','? b:')' @range:Function parameters cannot be parenthesized | (slash_no_default | slash_with_default)? param_maybe_default* '*' (',' | param_no_default) param_maybe_default* a:'/' @at:/ must be ahead of * | param_maybe_default+ '/' a:'*' @at:expected comma between / and *
invalid_parameters_helper: slash_with_default | param_with_default+
invalid_default: a:'=' &(')' | ',') @at:expected default value expression
invalid_star_etc: a:'*' (')' | ',' (')' | '**')) @at:named arguments must follow bare * | '*' param a:'=' @at:var-positional argument cannot have default value | '*' (param_no_default | ',') param_maybe_default* a:'*' (param_no_default | ',') @at:* argument may appear only once
invalid_kwds: '**' param a:'=' @at:var-keyword argument cannot have default value | '**' param ',' a:param @at:arguments cannot follow var-keyword argument | '**' param ',' a:('*' | '**' | '/') @at:arguments cannot follow var-keyword argument
invalid_lambda_parameters: a:'/' ',' @at:at least one argument must precede / | (lambda_slash_no_default | lambda_slash_with_default) lambda_param_maybe_default* a:'/' @at:/ may appear only once | lambda_slash_no_default? lambda_param_no_default* invalid_lambda_parameters_helper a:lambda_param_no_default @at_param:parameter without a default follows parameter with a default | lambda_param_no_default* a:'(' ','.lambda_param+ ','? b:')' @range:Lambda expression parameters cannot be parenthesized | (lambda_slash_no_default | lambda_slash_with_default)? lambda_param_maybe_default* '*' (',' | lambda_param_no_default) lambda_param_maybe_default* a:'/' @at:/ must be ahead of * | lambda_param_maybe_default+ '/' a:'*' @at:expected comma between / and *
invalid_lambda_parameters_helper: lambda_slash_with_default | lambda_param_with_default+
invalid_lambda_star_etc: a:'*' (':' | ',' (':' | '**')) @named_lambda | '*' lambda_param a:'=' @at:var-positional argument cannot have default value | '*' (lambda_param_no_default | ',') lambda_param_maybe_default* a:'*' (lambda_param_no_default | ',') @at:* argument may appear only once
invalid_lambda_kwds: '**' lambda_param a:'=' @at:var-keyword argument cannot have default value | '**' lambda_param ',' a:lambda_param @at:arguments cannot follow var-keyword argument | '**' lambda_param ',' a:('*' | '**' | '/') @at:arguments cannot follow var-keyword argument
invalid_with_item: expression 'as' a:expression &(',' | ')' | ':') @star_target
invalid_for_if_clause: 'async'? 'for' bitwise_or (',' bitwise_or)* [','] !'in' @last:'in' expected after for-loop variables
invalid_for_target: 'async'? 'for' a:star_expressions @for_target
invalid_group: '(' a:starred_expression ')' @at:cannot use starred expression here | '(' a:'**' expression ')' @at:cannot use double starred expression here
invalid_import: a:'import' ','.dotted_name+ 'from' dotted_name @from:Did you mean to use 'from ... import ...' instead? | 'import' a:NEWLINE @from:Expected one or more names after 'import'
invalid_import_from_targets: import_from_as_names ',' NEWLINE @last:trailing comma not allowed without surrounding parentheses | a:NEWLINE @from:Expected one or more names after 'import'
invalid_with_stmt: ['async'] 'with' ','.(expression ['as' star_target])+ NEWLINE @last:expected ':' | ['async'] 'with' '(' ','.(expressions ['as' star_target])+ [','] ')' NEWLINE @last:expected ':'
invalid_with_stmt_indent: ['async'] a:'with' ','.(expression ['as' star_target])+ ':' NEWLINE !INDENT @block:'with' statement | ['async'] a:'with' '(' ','.(expressions ['as' star_target])+ [','] ')' ':' NEWLINE !INDENT @block:'with' statement
invalid_try_stmt: a:'try' ':' NEWLINE !INDENT @block:'try' statement | 'try' ':' block !('except' | 'finally') @last:expected 'except' or 'finally' block | 'try' ':' block* except_block+ a:'except' b:'*' expression ['as' NAME] ':' @range:cannot have both 'except' and 'except*' on the same 'try' | 'try' ':' block* except_star_block+ a:'except' [expression ['as' NAME]] ':' @at:cannot have both 'except' and 'except*' on the same 'try'
invalid_except_stmt: 'except' '*'? a:expression ',' expressions ['as' NAME] ':' @from:multiple exception types must be parenthesized | a:'except' '*'? expression ['as' NAME] NEWLINE @last:expected ':' | a:'except' NEWLINE @last:expected ':' | 'except' '*' (NEWLINE | ':') @last:expected one or more exception types
invalid_finally_stmt: a:'finally' ':' NEWLINE !INDENT @block:'finally' statement
invalid_except_stmt_indent: a:'except' expression ['as' NAME] ':' NEWLINE !INDENT @block:'except' statement | a:'except' ':' NEWLINE !INDENT @block:'except' statement
invalid_except_star_stmt_indent: a:'except' '*' expression ['as' NAME] ':' NEWLINE !INDENT @block:'except*' statement
invalid_match_stmt: "match" subject_expr NEWLINE @last:expected ':' | a:"match" subject_expr ':' NEWLINE !INDENT @block:'match' statement
invalid_case_block: "case" patterns guard? NEWLINE @last:expected ':' | a:"case" patterns guard? ':' NEWLINE !INDENT @block:'case' statement
invalid_as_pattern: or_pattern 'as' a:"_" @at:cannot use '_' as a target | or_pattern 'as' !NAME a:expression @at:invalid pattern target
invalid_class_pattern: name_or_attr '(' a:invalid_class_argument_pattern @range1:positional patterns follow keyword patterns
invalid_class_argument_pattern: [positional_patterns ','] keyword_patterns ',' a:positional_patterns =Group
invalid_if_stmt: 'if' named_expression NEWLINE @last:expected ':' | a:'if' named_expression ':' NEWLINE !INDENT @block:'if' statement
invalid_elif_stmt: 'elif' named_expression NEWLINE @last:expected ':' | a:'elif' named_expression ':' NEWLINE !INDENT @block:'elif' statement
invalid_else_stmt: a:'else' ':' NEWLINE !INDENT @block:'else' statement
invalid_while_stmt: 'while' named_expression NEWLINE @last:expected ':' | a:'while' named_expression ':' NEWLINE !INDENT @block:'while' statement
invalid_for_stmt: ['async'] 'for' star_targets 'in' star_expressions NEWLINE @last:expected ':' | ['async'] a:'for' star_targets 'in' star_expressions ':' NEWLINE !INDENT @block:'for' statement
invalid_def_raw: ['async'] a:'def' NAME [type_params] '(' [params] ')' ['->' expression] ':' NEWLINE !INDENT @block:function definition
invalid_class_def_raw: 'class' NAME [type_params] ['(' [arguments] ')'] NEWLINE @last:expected ':' | a:'class' NAME [type_params] ['(' [arguments] ')'] ':' NEWLINE !INDENT @block:class definition
invalid_double_starred_kvpairs: ','.double_starred_kvpair+ ',' invalid_kvpair | expression ':' a:'*' bitwise_or @from:cannot use a starred expression in a dictionary value | expression a:':' &('}' | ',') @at:expression expected after dictionary key and ':'
invalid_kvpair: a:expression !':' @kvpair | expression ':' a:'*' bitwise_or @from:cannot use a starred expression in a dictionary value | expression a:':' &('}' | ',') @at:expression expected after dictionary key and ':'
invalid_type_params: '[' a:']' @from:Type parameter list cannot be empty
bad_type_param: '*' NAME a:':' b:expression @bound:TypeVarTuple | '**' NAME a:':' b:expression @bound:ParamSpec
invalid_replacement_field: '{' a:'=' @at:f-string: valid expression required before '=' | '{' a:'!' @at:f-string: valid expression required before '!' | '{' a:':' @at:f-string: valid expression required before ':' | '{' a:'}' @at:f-string: valid expression required before '}' | '{' !annotated_rhs @next:f-string: expecting a valid expression after '{' | '{' annotated_rhs !('=' | '!' | ':' | '}') @next:f-string: expecting '=', or '!', or ':', or '}' | '{' annotated_rhs '=' !('!' | ':' | '}') @next:f-string: expecting '!', or ':', or '}' | '{' annotated_rhs '='? invalid_conversion_character | '{' annotated_rhs '='? ['!' NAME] !(':' | '}') @next:f-string: expecting ':' or '}' | '{' annotated_rhs '='? ['!' NAME] ':' fstring_format_spec* !'}' @next:f-string: expecting '}', or format specs | '{' annotated_rhs '='? ['!' NAME] !'}' @next:f-string: expecting '}'
invalid_conversion_character: '!' &(':' | '}') @next:f-string: missing conversion character | '!' !NAME @next:f-string: invalid conversion character
`
