namespace Analytics.Application.Organisations;

internal static class OrganisationSql
{
    public const string SelectIdByHandle = "SELECT id FROM organisations WHERE handle = @Handle";
}
