namespace Analytics.Infrastructure.Configuration;

public static class ProcessCulture
{
    /// <summary>
    /// Both programs have the invariant culture, whatever <c>LANG</c> and <c>LC_ALL</c> are. Dependencies search and format text by
    /// the current culture, and with the Thai one, for example, the migrations do not run. <c>InvariantGlobalization</c> would do
    /// the same, but SqlClient refuses to run with it.
    /// </summary>
    public static void SetInvariant()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }
}
