"""An incremental one-way constraint solver: polymorphic methods over object graphs."""
from benchmain import main

REQUIRED, STRONG, MEDIUM, WEAK = 0, 1, 3, 6
NONE = 9


class Variable:
    def __init__(self, name, value):
        self.name = name
        self.value = value
        self.constraints = []
        self.determined_by = None
        self.strength = NONE
        self.stay = True
        self.mark = 0


class Constraint:
    def __init__(self, strength):
        self.strength = strength
        self.output = None

    def add(self, solver):
        for v in self.variables():
            v.constraints.append(self)
        solver.satisfy(self)

    def remove(self, solver):
        for v in self.variables():
            v.constraints.remove(self)
        if self.output is not None:
            solver.retract(self)

    def inputs(self):
        return [v for v in self.variables() if v is not self.output]


class Edit(Constraint):
    def __init__(self, var, strength):
        super().__init__(strength)
        self.var = var

    def variables(self):
        return [self.var]

    def choose(self, mark):
        self.output = self.var if self.var.mark != mark and self.strength < self.var.strength else None

    def execute(self):
        pass

    def is_input(self):
        return True


class Stay(Edit):
    def is_input(self):
        return False


class Equal(Constraint):
    def __init__(self, a, b, strength):
        super().__init__(strength)
        self.a, self.b = a, b

    def variables(self):
        return [self.a, self.b]

    def choose(self, mark):
        a, b = self.a, self.b
        self.output = None
        if a.mark == mark:
            if b.mark != mark and self.strength < b.strength:
                self.output = b
        elif b.mark == mark:
            if self.strength < a.strength:
                self.output = a
        elif a.strength > b.strength:
            if self.strength < a.strength:
                self.output = a
        elif self.strength < b.strength:
            self.output = b

    def execute(self):
        if self.output is self.b:
            self.b.value = self.a.value
        else:
            self.a.value = self.b.value

    def is_input(self):
        return False


class Scale(Equal):
    def __init__(self, a, b, factor, offset, strength):
        super().__init__(a, b, strength)
        self.factor, self.offset = factor, offset

    def execute(self):
        if self.output is self.b:
            self.b.value = self.a.value * self.factor.value + self.offset.value
        else:
            self.a.value = (self.b.value - self.offset.value) // self.factor.value


class Solver:
    def __init__(self):
        self.mark = 0

    def satisfy(self, c):
        while c is not None:
            self.mark += 1
            c = self.satisfy_one(c)

    def satisfy_one(self, c):
        c.choose(self.mark)
        out = c.output
        if out is None:
            return None
        for v in c.inputs():
            v.mark = self.mark
        overridden = out.determined_by
        if overridden is not None:
            overridden.output = None
        out.determined_by = c
        self.propagate(c)
        out.mark = self.mark
        return overridden

    def propagate(self, c):
        todo = [c]
        while todo:
            c = todo.pop()
            out = c.output
            self.recalculate(c)
            for other in out.constraints:
                if other is not out.determined_by and other.output is not None:
                    todo.append(other)

    def recalculate(self, c):
        out = c.output
        weakest = c.strength
        stay = not c.is_input()
        for v in c.inputs():
            if v.strength > weakest:
                weakest = v.strength
            stay = stay and v.stay
        out.strength = weakest
        out.stay = stay
        c.execute()

    def retract(self, c):
        out = c.output
        c.output = None
        out.determined_by = None
        out.strength = NONE
        out.stay = True
        for other in sorted(out.constraints, key=lambda k: k.strength):
            if other.output is None:
                self.satisfy(other)

    def plan(self, sources):
        self.mark += 1
        plan = []
        todo = list(sources)
        while todo:
            c = todo.pop()
            if c.output is not None and c.output.mark != self.mark:
                if all(v.mark == self.mark or v.stay or v.determined_by is None for v in c.inputs()):
                    plan.append(c)
                    c.output.mark = self.mark
                    for other in c.output.constraints:
                        if other is not c.output.determined_by and other.output is not None:
                            todo.append(other)
        return plan


def chain(n):
    solver = Solver()
    vs = [Variable("v%d" % i, 0) for i in range(n + 1)]
    for i in range(n):
        Equal(vs[i], vs[i + 1], REQUIRED).add(solver)
    Stay(vs[n], WEAK).add(solver)
    edit = Edit(vs[0], STRONG)
    edit.add(solver)
    plan = solver.plan([edit])
    total = 0
    for i in range(60):
        vs[0].value = i
        for c in plan:
            c.execute()
        total += vs[n].value
    edit.remove(solver)
    return total


def projection(n):
    solver = Solver()
    factor, offset = Variable("factor", 10), Variable("offset", 1000)
    total = 0
    dests = []
    src = None
    for i in range(n):
        src, dst = Variable("src", i), Variable("dst", i)
        dests.append(dst)
        Stay(src, MEDIUM).add(solver)
        Scale(src, dst, factor, offset, REQUIRED).add(solver)
    for value in (17, 5):
        edit = Edit(src, STRONG)
        edit.add(solver)
        plan = solver.plan([edit])
        for i in range(10):
            src.value = value + i
            for c in plan:
                c.execute()
        edit.remove(solver)
    for d in dests:
        total += d.value
    return total


def run(n):
    return chain(n), projection(n)


if __name__ == "__main__":
    main(run, 8000)
