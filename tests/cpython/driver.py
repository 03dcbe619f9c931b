"""Runs one test module of CPython's suite and tells how each test ended.

usage: driver.py REPORT MODULE [TEST...]

REPORT gets one line when a test starts and one when it ends: what became of it and its name. Tracebacks go to stderr. A test fails when
it or one of its subtests does; a test that is expected to fail passes when it does so.
"""
import sys
import traceback
import unittest


class Result(unittest.TestResult):
    def __init__(self, report):
        super().__init__()
        self.report = report
        self.outcome = "passed"

    def startTest(self, test):
        super().startTest(test)
        self.outcome = "passed"
        print("started", test.id(), file=self.report, flush=True)

    def stopTest(self, test):
        super().stopTest(test)
        print(self.outcome, test.id(), file=self.report, flush=True)

    def worse(self, outcome, test, err):
        self.outcome = outcome
        if not isinstance(test, unittest.TestCase):  # setUpClass, setUpModule
            print(outcome, test.id(), file=self.report, flush=True)
        print("=" * 70, f"{outcome}: {test}", sep="\n", file=sys.stderr)
        traceback.print_exception(*err)

    def addFailure(self, test, err):
        self.worse("failed", test, err)

    def addError(self, test, err):
        self.worse("errors", test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.worse("failed" if issubclass(err[0], test.failureException) else "errors", subtest, err)

    def addSkip(self, test, reason):
        if self.outcome == "passed" and not isinstance(test, unittest.case._SubTest):
            self.outcome = "skipped"

    def addUnexpectedSuccess(self, test):
        self.outcome = "failed"
        print("=" * 70, f"unexpected success: {test}", sep="\n", file=sys.stderr)


def skip(*args):
    raise unittest.SkipTest("looks into CPython's objects")


# Some files import at their top a module of functions that look into CPython's memory. The tests that call them are skipped.
internals = {"test.test_class": {"_testinternalcapi": ["has_inline_values"]}}


def stand_in(module):
    for name, functions in internals.get(module, {}).items():
        try:
            __import__(name)
        except ImportError:
            sys.modules[name] = m = type(sys)(name)
            m.__dict__.update(dict.fromkeys(functions, skip))


def main(report, module, *names):
    stand_in(module)
    names = [module + "." + n for n in names] or [module]
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    with open(report, "w") as file:
        suite.run(Result(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
