namespace Analytics.FunctionalTests.Support;

/// <summary>How much the random and repeated tests do: little by default, much with ANALYTICS_TEST_DEPTH=deep.</summary>
internal static class TestDepth
{
    private static readonly bool IsDeep = Environment.GetEnvironmentVariable("ANALYTICS_TEST_DEPTH") == "deep";

    public static T Select<T>(T shallow, T deep) => IsDeep ? deep : shallow;
}
