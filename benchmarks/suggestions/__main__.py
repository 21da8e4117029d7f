"""``python -m benchmarks.suggestions`` prints precision, recall and F1 beside those of exact names only."""

from benchmarks.suggestions.measuring import scores, table

if __name__ == "__main__":
    print(table(scores()), end="")
