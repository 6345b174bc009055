using System.Diagnostics;
using Spectre.Console;

namespace Analytics.Cli;

/// <summary>Shows an import's progress on standard error: a progress bar on a terminal, else a line every ten seconds.</summary>
internal static class ImportProgress
{
    private const int ReportInterval = 1_000;
    private static readonly TimeSpan BetweenPlainLines = TimeSpan.FromSeconds(10);

    /// <summary>Runs an import, which reports the number of each line that it reads.</summary>
    public static Task<T> ShowAsync<T>(CommandContext context, InputFile file, Func<Action<long>, Task<T>> import) =>
        context.IsErrorTerminal ? ShowBarAsync(context, file, import) : ShowLinesAsync(context, file, import);

    private static Task<T> ShowBarAsync<T>(CommandContext context, InputFile file, Func<Action<long>, Task<T>> import)
    {
        // A terminal stays one when the lines come through a pipe.
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error), Interactive = InteractionSupport.Yes });
        var progress = console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn());
        return progress.StartAsync(async display =>
        {
            var bar = display.AddTask(Describe(0, TimeSpan.Zero), maxValue: 1);
            bar.IsIndeterminate = file.Share is null;
            var (last, running) = (0L, Stopwatch.StartNew());
            var result = await import(line =>
            {
                last = line;
                if (line % ReportInterval == 0)
                {
                    bar.Value = Math.Min(file.Share ?? 0, 1);
                    bar.Description = Describe(line, running.Elapsed);
                }
            });
            bar.Description = Describe(last, running.Elapsed);
            bar.Value = 1;
            return result;
        });
    }

    private static async Task<T> ShowLinesAsync<T>(CommandContext context, InputFile file, Func<Action<long>, Task<T>> import)
    {
        var (last, running, next) = (0L, Stopwatch.StartNew(), BetweenPlainLines);
        var result = await import(line =>
        {
            last = line;
            if (line % ReportInterval == 0 && running.Elapsed >= next)
            {
                next = running.Elapsed + BetweenPlainLines;
                context.Error.WriteLine(Describe(line, running.Elapsed) + DescribeTimeLeft(file.Share, running.Elapsed));
            }
        });
        context.Error.WriteLine(Describe(last, running.Elapsed));
        return result;
    }

    private static string Describe(long lines, TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{lines:N0} lines, {lines / Math.Max(elapsed.TotalSeconds, 0.001):N0} lines/s");

    private static string DescribeTimeLeft(double? share, TimeSpan elapsed) => share is not { } done || done <= 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {done:P0}, {elapsed * ((1 - done) / done):h\\:mm\\:ss} left");
}
