using System.Text;

namespace Analytics.Api.Formats;

/// <summary>Neutralises text that a spreadsheet would run as a formula. Numbers are not text: they may start with a minus sign.</summary>
internal static class FormulaEscaping
{
    // With the full-width and small forms, which spreadsheets convert.
    private const string Starts = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B";

    // Letters and a symbol that show nothing: the Hangul fillers and the blank Braille pattern.
    private const string Fillers = "\u115F\u1160\u3164\uFFA0\u2800";

    public static string Escape(string text) => StartsFormula(text) ? $"'{text}" : text;

    // Spreadsheets skip white space and invisible characters in front of a formula.
    private static bool StartsFormula(string text) =>
        text.EnumerateRunes().SkipWhile(rune => !IsAny(Starts, rune) && IsInvisible(rune)).Take(1).Any(rune => IsAny(Starts, rune));

    private static bool IsInvisible(Rune rune) => Rune.IsWhiteSpace(rune) || IsAny(Fillers, rune) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.OtherNotAssigned;

    private static bool IsAny(string characters, Rune rune) =>
        rune.IsBmp && characters.Contains((char)rune.Value, StringComparison.Ordinal);
}
