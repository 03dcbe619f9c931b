# Runs the programs p<i>.py for i in a range, one after the other, the output of each behind a line that begins with \x01=.
import sys, warnings
sys.stderr = sys.stdout
sys.unraisablehook = lambda *a: None
for kind in RuntimeWarning, DeprecationWarning:
    warnings.filterwarnings('ignore', category=kind)
for i in range(int(sys.argv[1]), int(sys.argv[2])):
    print(f'\x01={i}', flush=True)
    sys.setrecursionlimit(1000)
    name = f'p{i}.py'
    try:
        with open(name, encoding='utf-8') as f:
            text = f.read()
        exec(compile(text, name, 'exec'), {'__name__': '__main__'})
    except BaseException:
        sys.excepthook(*sys.exc_info())
