namespace Analytics.Infrastructure.Configuration;

/// <summary>Finds the option of a connection string that its driver rejects.</summary>
internal static class ConnectionStringOptions
{
    private const string Port = "Port";

    /// <summary>
    /// The end of a sentence, or null. It quotes no value, and no unknown option: what follows a semicolon may be part of a password.
    /// </summary>
    public static string? FindProblem(DbConnectionStringBuilder driver, string connectionString)
    {
        var given = new DbConnectionStringBuilder();
        try
        {
            given.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return "is not a list of options";
        }

        var number = 0;
        foreach (string option in given.Keys)
        {
            number++;
            if (!driver.ContainsKey(option))
            {
                return $"has an unknown option, number {number} (a value with a semicolon needs quotes)";
            }

            if (!IsAccepted(driver, option, given[option]))
            {
                return $"has an invalid value of {option}";
            }
        }

        return null;
    }

    private static bool IsAccepted(DbConnectionStringBuilder driver, string option, object value)
    {
        try
        {
            driver[option] = value;
        }
        catch (Exception exception)
            when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            return false;
        }

        // Npgsql accepts any positive number.
        return !option.Equals(Port, StringComparison.OrdinalIgnoreCase) || driver[option] is not > (int)ushort.MaxValue;
    }
}
