using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>T-SQL as SQL Server 2019 parses it.</summary>
internal static class TSql
{
    public static TSqlScript Parse(string sql)
    {
        using var reader = new StringReader(sql);
        var script = (TSqlScript)new TSql150Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        return errors is [] ? script : throw new FormatException($"Line {errors[0].Line}, column {errors[0].Column}: {errors[0].Message}");
    }

    public static IEnumerable<TSqlStatement> GetStatements(this TSqlScript script) => script.Batches.SelectMany(batch => batch.Statements);

    // Every fragment of one kind, at any depth.
    public static List<T> FindAll<T>(this TSqlFragment fragment)
        where T : TSqlFragment
    {
        var collector = new FragmentCollector<T>();
        fragment.Accept(collector);
        return collector.Found;
    }

    // The text of the fragment.
    public static string ToSql(this TSqlFragment fragment) =>
        string.Concat(fragment.ScriptTokenStream.Take(fragment.FirstTokenIndex..(fragment.LastTokenIndex + 1)).Select(token => token.Text));

    // The text of a fragment after one of its parts.
    public static string ToSqlAfter(this TSqlFragment fragment, TSqlFragment part) =>
        string.Concat(
            fragment.ScriptTokenStream.Take((part.LastTokenIndex + 1)..(fragment.LastTokenIndex + 1)).Select(token => token.Text));

    private sealed class FragmentCollector<T> : TSqlFragmentVisitor
        where T : TSqlFragment
    {
        public List<T> Found { get; } = [];

        public override void Visit(TSqlFragment fragment)
        {
            if (fragment is T match)
            {
                Found.Add(match);
            }
        }
    }
}
