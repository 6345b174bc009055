using System.Globalization;
using System.Text.RegularExpressions;
using Analytics.Infrastructure.Migrations;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>A script that <c>migrate</c> runs.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    public override string ToString() => Name;
}

/// <summary>The schema after all migrations.</summary>
internal static partial class Schema
{
    public static readonly IReadOnlyList<Migration> Scripts =
        [.. typeof(Migrator).Assembly.GetManifestResourceNames().Where(name => MigrationFileName().IsMatch(name)).Select(ReadMigration)
            .OrderBy(script => script.Version)];

    public static IReadOnlyList<TSqlStatement> Statements { get; } =
        [.. Scripts.SelectMany(script => TSql.Parse(script.Sql).GetStatements())];

    // The columns of each table without the computed ones.
    public static ILookup<string, ColumnDefinition> Tables =>
        GetColumns<CreateTableStatement>(table => table.SchemaObjectName, table => table.Definition);

    // The indexes and keys of each table that a hint can name.
    public static ILookup<string, string> Indexes { get; } =
        Statements.OfType<CreateIndexStatement>().Select(index => (Table: index.OnName.BaseIdentifier.Value, index.Name.Value))
            .Concat(
                from table in Statements.OfType<CreateTableStatement>()
                from constraint in table.FindAll<UniqueConstraintDefinition>()
                where constraint.ConstraintIdentifier is not null
                select (Table: table.SchemaObjectName.BaseIdentifier.Value, constraint.ConstraintIdentifier.Value))
            .ToLookup(index => index.Table, index => index.Value, StringComparer.Ordinal);

    // The condition of each filtered index.
    public static IReadOnlyDictionary<string, string> IndexFilters { get; } =
        Statements.OfType<CreateIndexStatement>().Where(index => index.FilterPredicate is not null)
            .ToDictionary(index => index.Name.Value, index => index.FilterPredicate.ToSql(), StringComparer.Ordinal);

    // The columns of each table type.
    public static ILookup<string, ColumnDefinition> TableTypes =>
        GetColumns<CreateTypeTableStatement>(type => type.Name, type => type.Definition);

    private static ILookup<string, ColumnDefinition> GetColumns<T>(Func<T, SchemaObjectName> name, Func<T, TableDefinition> definition)
        where T : TSqlStatement =>
        Statements.OfType<T>()
            .SelectMany(table => definition(table).ColumnDefinitions.Where(column => column.ComputedColumnExpression is null)
                .Select(column => (Table: name(table).BaseIdentifier.Value, Column: column)))
            .ToLookup(pair => pair.Table, pair => pair.Column, StringComparer.Ordinal);

    private static Migration ReadMigration(string name)
    {
        using var reader = new StreamReader(typeof(Migrator).Assembly.GetManifestResourceStream(name)!);
        return new Migration(int.Parse(MigrationFileName().Match(name).Groups["version"].Value, CultureInfo.InvariantCulture),
            MigrationFileName().Match(name).Groups["file"].Value, reader.ReadToEnd());
    }

    [GeneratedRegex(
        @"\.Migrations\.SqlServer\.(?<file>V(?<version>\d+)__\w+)\.sql$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex MigrationFileName();
}
