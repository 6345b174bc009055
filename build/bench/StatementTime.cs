using System.Data.Common;
using System.Diagnostics;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Domain;
using Analytics.Domain.Organisations;

namespace Analytics.Bench;

/// <summary>How long the numbers' statement takes on the largest database, against the smallest one; they take turns.</summary>
internal static class StatementTime
{
    private const double MostAtMostTasks = 1.3;
    private const int WarmingRuns = 500;
    private const int Runs = 5_000;

    public static async Task<IEnumerable<Finding>> MeasureAsync(Stage stage, CancellationToken cancellationToken)
    {
        if (stage.Scenes.Count == 1)
        {
            return [];
        }

        await ProgressLog.SayAsync(stage.Engine, "the statement");
        await using var smallest = await stage.Scenes[0].Database.OpenAsync(cancellationToken);
        await using var largest = await stage.Scenes[^1].Database.OpenAsync(cancellationToken);
        await using var onSmallest = Command(smallest);
        await using var onLargest = Command(largest);

        var times = new List<(double Smallest, double Largest)>();
        for (var run = 0; run < WarmingRuns + Runs; run++)
        {
            times.Add((await TimeAsync(onSmallest, cancellationToken), await TimeAsync(onLargest, cancellationToken)));
        }

        var measured = times.Skip(WarmingRuns).ToList();
        var ratio = Median.Of(measured.Select(time => time.Largest)) / Median.Of(measured.Select(time => time.Smallest));
        return [Finding.Multiple("time of the statement", stage.Extremes, ratio, $"its time at {Finding.Number(stage.Scenes[0].Tasks)}", MostAtMostTasks)];
    }

    private static DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = GetAnalyticsSql.SelectTotals;
        Add(command, "@OrganisationId", Catalogue.AskedOrganisation);
        Add(command, "@SpaceToken", "");
        Add(command, "@ProductId", Product.Default);
        Add(command, "@Contact", ContentTypes.Contact);
        Add(command, "@Active", StatusNames.Active);
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }

    private static async Task<double> TimeAsync(DbCommand command, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.GetTimestamp();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                throw new InvalidOperationException("The statement found no organisation.");
            }
        }

        return Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
    }
}
