namespace Analytics.Cli;

/// <summary>Rows under a header, with tabs between: no field has one in it, so that <c>cut</c> and <c>awk</c> can read them.</summary>
internal static class TsvOutput
{
    public static void Print(string[] columns, IEnumerable<string[]> rows)
    {
        foreach (var row in rows.Prepend(columns))
        {
            Console.WriteLine(string.Join('\t', row));
        }
    }
}
