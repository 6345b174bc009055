namespace Analytics.Cli;

/// <summary>What is said on standard error. Where nobody can be told (it is closed, its disk is full), work goes on.</summary>
internal static class StandardError
{
    public static void Write(string sentence)
    {
        try
        {
            Console.Error.WriteLine(sentence);
        }
        catch (IOException)
        {
            // The exit code still tells.
        }
    }
}
