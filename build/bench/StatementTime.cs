using System.Data.Common;
using System.Diagnostics;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Domain;
using Analytics.Domain.Organisations;

namespace Analytics.Bench;

/// <summary>The duration of the totals' statement on the largest database, compared with the smallest one. Both alternate.</summary>
internal static class StatementTime
{
    private const double MaxRatio = 1.3;
    private const int WarmUpRuns = 500;
    private const int Runs = 5_000;

    public static async Task<IEnumerable<Result>> MeasureAsync(BenchEnvironment environment, CancellationToken cancellationToken)
    {
        if (environment.Fixtures.Count == 1)
        {
            return [];
        }

        await ProgressLog.WriteAsync(environment.Engine, "the statement");
        await using var smallest = await environment.Fixtures[0].Database.OpenAsync(cancellationToken);
        await using var largest = await environment.Fixtures[^1].Database.OpenAsync(cancellationToken);
        await using var onSmallest = Command(smallest);
        await using var onLargest = Command(largest);

        var times = new List<(double Smallest, double Largest)>();
        for (var run = 0; run < WarmUpRuns + Runs; run++)
        {
            times.Add((await TimeAsync(onSmallest, cancellationToken), await TimeAsync(onLargest, cancellationToken)));
        }

        var measured = times.Skip(WarmUpRuns).ToList();
        var ratio = Median.Of(measured.Select(time => time.Largest)) / Median.Of(measured.Select(time => time.Smallest));
        return [Result.Multiple("time of the statement", environment.LargestToSmallest, ratio,
            $"its time at {Result.Number(environment.Fixtures[0].Tasks)}", MaxRatio)];
    }

    private static DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = GetAnalyticsSql.SelectTotals;
        Add(command, "@OrganisationId", Catalogue.MeasuredOrganisation);
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
