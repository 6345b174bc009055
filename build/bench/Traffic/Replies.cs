using System.Globalization;

namespace Analytics.Bench.Traffic;

/// <summary>The requests of an interval and their outcomes.</summary>
internal sealed class Replies(IReadOnlyCollection<Reply> all, TimeSpan length)
{
    private readonly Dictionary<RequestOutcome, double[]> _milliseconds = all
        .GroupBy(reply => reply.Outcome, reply => reply.Took.TotalMilliseconds)
        .ToDictionary(replies => replies.Key, replies => replies.Order().ToArray());

    public int Count => all.Count;

    // Successful responses within the interval; later ones do not count.
    public double ServedPerSecond =>
        all.Count(reply => reply.Outcome == RequestOutcome.Served && reply.Due + reply.Took < length) / length.TotalSeconds;

    public Replies Reads => new([.. all.Where(reply => !reply.IsPush)], length);

    public Replies Pushes => new([.. all.Where(reply => reply.IsPush)], length);

    public int CountOf(RequestOutcome outcome) => MillisecondsOf(outcome).Length;

    public string NotServed
    {
        get
        {
            var notServed = all.Where(reply => reply.Outcome != RequestOutcome.Served).ToArray();
            return string.Create(
                CultureInfo.InvariantCulture, $"{notServed.Length} not served, {notServed.Count(reply => reply.IsPush)} of them pushes");
        }
    }

    // The quantile of the delay between due and sent, in milliseconds.
    public double Lateness(double share) => At(share, [.. all.Select(reply => reply.Late.TotalMilliseconds).Order()]);

    // The quantile of the latency in milliseconds; 0 if there is no such response.
    public double Percentile(RequestOutcome outcome, double share) => At(share, MillisecondsOf(outcome));

    // p50 and p99 in milliseconds.
    public string Latency(RequestOutcome outcome) =>
        string.Create(CultureInfo.InvariantCulture, $"{Percentile(outcome, 0.5):0.#}, {Percentile(outcome, 0.99):0.#}");

    // The requests that were due in a part of the interval.
    public Replies Between(TimeSpan begin, TimeSpan end) =>
        new([.. all.Where(reply => reply.Due >= begin && reply.Due < end).Select(reply => reply with { Due = reply.Due - begin })],
            end - begin);

    private static double At(double share, double[] sorted) => sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))];

    private double[] MillisecondsOf(RequestOutcome outcome) => _milliseconds.GetValueOrDefault(outcome, []);
}
