namespace Analytics.Infrastructure.Configuration;

/// <summary>
/// Rejects a key that looks like a misspelt one of ours, whose default would otherwise stay in force unnoticed. Keys outside of our
/// sections belong to ASP.NET Core or to other programs, and so does a name without a section, such as <c>DATABASE_PORT</c>: unless it
/// is almost the one of ours that has no section. A name with an underscore is never almost ours, because none of ours has one:
/// platforms set <c>PATH_BASE</c> for every program that they run.
/// </summary>
public static class UnknownSettings
{
    // Names of fewer letters resemble too many others.
    private const int MinSectionLength = 6;
    private const int MaxTypingMistakes = 2;

    // Other programs have many names without a section: DATABASE differs from PathBase in two letters.
    private const int MaxTypingMistakesWithoutSection = 1;

    // Other programs have connection strings too.
    private const string SharedSection = "ConnectionStrings";

    private static readonly string[] Sections =
        [.. SettingKeys.All.Select(key => SplitSection(key).Section).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static void Reject(IConfiguration configuration)
    {
        var keys = configuration.AsEnumerable().Where(setting => setting.Value is not null).Select(setting => setting.Key);
        if (keys.Order(StringComparer.OrdinalIgnoreCase).Select(Describe).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            throw new ConfigurationException(problem);
        }
    }

    private static string? Describe(string key)
    {
        var (section, name) = SplitSection(key);
        if (IsKnown(key))
        {
            return null;
        }

        if (name.Length == 0)
        {
            return !key.Contains('_') && FindSimilar(key, [SettingKeys.PathBase], MaxTypingMistakesWithoutSection) is { } plain
                ? Suggest(key, plain)
                : null;
        }

        if (!Sections.Contains(section, StringComparer.OrdinalIgnoreCase))
        {
            return section.Length >= MinSectionLength && FindSimilar(section, Sections) is { } similar && IsKnown($"{similar}:{name}")
                ? Suggest(key, $"{similar}:{name}")
                : null;
        }

        var siblings = SettingKeys.All.Where(known => IsSame(SplitSection(known).Section, section)).ToList();
        if (siblings.Find(known => key.StartsWith($"{known}:", StringComparison.OrdinalIgnoreCase)) is { } scalar)
        {
            return SettingKeys.Lists.Contains(scalar) ? $"{key} is not a setting: {scalar} is a list of values, such as {scalar}:0."
                : $"{key} is not a setting: {scalar} has one value.";
        }

        return FindSimilar(key, siblings) is { } known ? Suggest(key, known)
            : IsSame(section, SharedSection) ? null
            : $"{key} is not a setting: there are {string.Join(", ", siblings)}.";
    }

    private static bool IsKnown(string key) =>
        SettingKeys.All.Contains(key, StringComparer.OrdinalIgnoreCase)
        || SettingKeys.Lists.Any(list => IsSame(key[..Math.Max(key.LastIndexOf(':'), 0)], list));

    private static string Suggest(string key, string known) => $"{key} is not a setting: {known} is.";

    private static string? FindSimilar(string text, IEnumerable<string> candidates, int maxMistakes = MaxTypingMistakes) => candidates
        .Select(candidate => (Name: candidate, Mistakes: CountMistakes(text.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(candidate => candidate.Mistakes <= maxMistakes)
        .OrderBy(candidate => candidate.Mistakes)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>The letters to insert, remove, replace or exchange with the next one (Damerau and Levenshtein).</summary>
    private static int CountMistakes(string left, string right)
    {
        var counts = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                counts[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(counts[i - 1, j], counts[i, j - 1]) + 1,
                        counts[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    counts[i, j] = Math.Min(counts[i, j], counts[i - 2, j - 2] + 1);
                }
            }
        }

        return counts[left.Length, right.Length];
    }

    private static (string Section, string Name) SplitSection(string key) =>
        key.IndexOf(':') is > 0 and var colon ? (key[..colon], key[(colon + 1)..]) : (key, "");

    private static bool IsSame(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
