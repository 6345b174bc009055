namespace Analytics.Application.Reporting.Parsing;

internal static class SpellingRules
{
    // In names with as many letters, two edits hardly give another word.
    private const int MinLettersForTwoEdits = 8;

    /// <summary>Whether the name is probably the known one: apart from letter case, it differs by at most one edit, or two.</summary>
    public static bool IsMisspelling(string name, string known)
    {
        var maxEdits = known.Count(char.IsLetter) >= MinLettersForTwoEdits ? 2 : 1;
        return Math.Abs(name.Length - known.Length) <= maxEdits && CountEdits(name.ToLowerInvariant(), known) <= maxEdits;
    }

    // The Levenshtein distance: insertions, deletions and replacements of one character.
    private static int CountEdits(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var row = 1; row <= from.Length; row++)
        {
            var current = new int[to.Length + 1];
            current[0] = row;
            for (var column = 1; column <= to.Length; column++)
            {
                var replaced = previous[column - 1] + (from[row - 1] == to[column - 1] ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
