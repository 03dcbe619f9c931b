"""Strings and dicts: counting words of a generated text."""
from benchmain import main

SYLLABLES = "ka lo mi tu ne sa ri po du ve".split()


def text(words):
    seed = 12345
    out = []
    for _ in range(words):
        seed = (seed * 1103515245 + 12345) % 2147483648
        k = seed >> 16
        word = SYLLABLES[k % 10] + SYLLABLES[k // 10 % 10]
        if k % 3 == 0:
            word += SYLLABLES[k // 100 % 10]
        out.append(word.capitalize() if k % 7 == 0 else word)
        if k % 11 == 0:
            out.append(",\n")
    return " ".join(out)


def run(n):
    source = text(n)
    counts = {}
    for line in source.split("\n"):
        for word in line.split():
            word = word.strip(",.;").lower()
            if word:
                counts[word] = counts.get(word, 0) + 1
    top = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:5]
    return len(counts), top


if __name__ == "__main__":
    main(run, 300000)
