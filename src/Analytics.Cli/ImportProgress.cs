using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Analytics.Cli;

/// <summary>
/// Tells on standard error how far an import is: on a terminal a bar with lines/s, share and time left; elsewhere one
/// plain line now and then.
/// </summary>
internal sealed class ImportProgress : IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly InputFile _file;
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private readonly Timer _timer;
    private long _lines;

    private ImportProgress(InputFile file)
    {
        _file = file;
        var every = IsTerminal ? OnTerminal : Elsewhere;
        _timer = new Timer(_ => Show(), null, every, every);
    }

    private static bool IsTerminal => !Console.IsErrorRedirected;

    public static ImportProgress Start(InputFile file) => new(file);

    public void Report(long line) => Volatile.Write(ref _lines, line);

    public void Dispose()
    {
        using (var stopped = new ManualResetEvent(false))
        {
            _timer.Dispose(stopped);
            stopped.WaitOne();
        }

        Show();
        if (IsTerminal)
        {
            _console.WriteLine();
        }
    }

    private void Show()
    {
        var line = Describe(Volatile.Read(ref _lines), _file.Share, _running.Elapsed);
        if (IsTerminal)
        {
            _console.Write(new ControlCode("\r\u001b[K"));
            _console.Write(line);
        }
        else
        {
            _console.WriteLine(line);
        }
    }

    private static string Describe(long lines, double? share, TimeSpan elapsed)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{lines:N0} lines, {lines / Math.Max(elapsed.TotalSeconds, 0.001):N0} lines/s");
        return share is not { } done || done <= 0
            ? text
            : text + string.Create(CultureInfo.InvariantCulture, $", {done:P0}, {elapsed * ((1 - done) / done):h\\:mm\\:ss} left");
    }
}
