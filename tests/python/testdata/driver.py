# Runs the programs p<i>.py for i in a range, one after the other, the output of each behind a line that begins with \x01=.
# Generators that a program leaves behind are finalised at another time by CPython: what programs leave is kept, and nothing is finalised at the end.
import os, sys, warnings
sys.stderr = sys.stdout
sys.unraisablehook = lambda *a: None
for kind in RuntimeWarning, DeprecationWarning:
    warnings.filterwarnings('ignore', category=kind)
kept = []
for i in range(int(sys.argv[1]), int(sys.argv[2])):
    print(f'\x01={i}', flush=True)
    sys.setrecursionlimit(1000)
    name = f'p{i}.py'
    try:
        with open(name, encoding='utf-8') as f:
            text = f.read()
        kept.append({'__name__': '__main__'})
        exec(compile(text, name, 'exec'), kept[-1])
    except BaseException:
        sys.excepthook(*sys.exc_info())
sys.stdout.flush()
os._exit(0)
