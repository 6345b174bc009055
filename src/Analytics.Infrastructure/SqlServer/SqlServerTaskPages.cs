using Analytics.Application.Analytics.ListTasks;

namespace Analytics.Infrastructure.SqlServer;

internal sealed class SqlServerTaskPages : ITaskPages
{
    private const string Ending = $"{ListTasksSql.NewestFirst} OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY{ListTasksSql.OfVersion}";

    public string Statement(AccessPath path) => path switch
    {
        AccessPath.Time => ListTasksSql.Page + Ending,
        AccessPath.Run => ListTasksSql.Page + ListTasksSql.OfRun + Ending,
        AccessPath.Agent => ListTasksSql.Page + ListTasksSql.OfAgent + Ending,
        AccessPath.Outcome => ListTasksSql.Page + ListTasksSql.OfOutcome + Ending,
        AccessPath.Status => ListTasksSql.Page + ListTasksSql.OfStatus + Ending,
        AccessPath.Space => ListTasksSql.Page + ListTasksSql.OfSpace + Ending,
    };
}
