using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Analytics.SqlServer.Tests;

/// <summary>Everything has a name of ours: a generated one differs between databases.</summary>
internal sealed class SchemaNameTests
{
    private static readonly IEnumerable<CreateTableStatement> Tables = Schema.Statements.OfType<CreateTableStatement>();

    private static readonly IEnumerable<CreateTypeTableStatement> TableTypes = Schema.Statements.OfType<CreateTypeTableStatement>();

    // A later migration drops it by this name.
    [TestCaseSource(nameof(Tables))]
    public void Constraint_of_a_table_is_named(CreateTableStatement table) =>
        Assert.That(
            table.FindAll<ConstraintDefinition>()
                .Where(constraint => constraint is not NullableConstraintDefinition && constraint.ConstraintIdentifier is null)
                .Select(constraint => constraint.ToSql()),
            Is.Empty);

    // The constraints of a table type cannot be named, and SQL Server cannot force a plan that reads an unnamed index.
    [TestCaseSource(nameof(TableTypes))]
    public void Key_of_a_table_type_is_a_named_unique_index(CreateTypeTableStatement type)
    {
        Assert.That(type.FindAll<ConstraintDefinition>().Where(constraint => constraint is not NullableConstraintDefinition), Is.Empty);
        Assert.That(type.FindAll<IndexDefinition>().Select(index => (index.Unique, index.Name.Value)),
            Is.EqualTo(new[] { (true, $"{type.Name.BaseIdentifier.Value}_key") }));
    }
}
