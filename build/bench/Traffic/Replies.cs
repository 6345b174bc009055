using System.Globalization;

namespace Analytics.Bench.Traffic;

/// <summary>The requests of a stretch of time, and what became of them.</summary>
internal sealed class Replies(IReadOnlyCollection<Reply> all, TimeSpan length)
{
    private readonly Dictionary<Fate, double[]> _milliseconds = all
        .GroupBy(reply => reply.Fate, reply => reply.Took.TotalMilliseconds)
        .ToDictionary(replies => replies.Key, replies => replies.Order().ToArray());

    public int Count => all.Count;

    /// <summary>Good answers in a second: what was answered later does not count.</summary>
    public double ServedPerSecond => all.Count(reply => reply.Fate == Fate.Served && reply.Due + reply.Took < length) / length.TotalSeconds;

    public int CountOf(Fate fate) => MillisecondsOf(fate).Length;

    /// <summary>For people: how many were not served, and how many of these were pushes.</summary>
    public string NotServed
    {
        get
        {
            var notServed = all.Where(reply => reply.Fate != Fate.Served).ToArray();
            return string.Create(CultureInfo.InvariantCulture, $"{notServed.Length} not served, {notServed.Count(reply => reply.IsPush)} of them pushes");
        }
    }

    /// <summary>The milliseconds within which this share of the requests was sent, once due.</summary>
    public double Lateness(double share) => At(share, [.. all.Select(reply => reply.Late.TotalMilliseconds).Order()]);

    /// <summary>The milliseconds within which this share of the requests was answered so; 0 where none was.</summary>
    public double Percentile(Fate fate, double share) => At(share, MillisecondsOf(fate));

    /// <summary>For people: within how many milliseconds half and 99 of 100 were answered so.</summary>
    public string Latency(Fate fate) => string.Create(CultureInfo.InvariantCulture, $"{Percentile(fate, 0.5):0.#}, {Percentile(fate, 0.99):0.#}");

    /// <summary>Those that were due in a part of the time.</summary>
    public Replies Between(TimeSpan begin, TimeSpan end) =>
        new([.. all.Where(reply => reply.Due >= begin && reply.Due < end).Select(reply => reply with { Due = reply.Due - begin })], end - begin);

    private static double At(double share, double[] sorted) => sorted.Length == 0 ? 0 : sorted[(int)(share * (sorted.Length - 1))];

    private double[] MillisecondsOf(Fate fate) => _milliseconds.GetValueOrDefault(fate, []);
}
