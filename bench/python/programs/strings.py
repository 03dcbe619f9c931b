"""String building, searching, formatting and Unicode."""
from benchmain import main


def caesar(text, k):
    out = []
    for c in text:
        if "a" <= c <= "z":
            out.append(chr((ord(c) - 97 + k) % 26 + 97))
        elif "A" <= c <= "Z":
            out.append(chr((ord(c) - 65 + k) % 26 + 65))
        else:
            out.append(c)
    return "".join(out)


def palindromes(text):
    words = text.lower().split()
    return sum(1 for w in words if w == w[::-1])


def run(n):
    base = "Never odd or even, level Ünïcödé noon: résumé rotor — 漢字 civic"
    total = 0
    for i in range(n):
        line = f"{i:05d}|{base[i % 20:]:<70}|{i / 3:.3f}"
        turned = caesar(line, i % 26)
        back = caesar(turned, -i % 26)
        total += len(turned) + (back == line) + palindromes(line) + line.count("o")
        total += turned.find("|") + len(turned.replace("a", "bb")) + hash(line == back)
    return total


if __name__ == "__main__":
    main(run, 8000)
