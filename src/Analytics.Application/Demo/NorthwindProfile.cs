namespace Analytics.Application.Demo;

/// <summary>How the calls of <see cref="NorthwindData"/> are distributed: by hour and weekday in UTC, campaign, agent and result.</summary>
internal static class NorthwindProfile
{
    public const int Weeks = 8;

    // Answered calls, without those of people who are interested.
    public static readonly CallResult[] Answered =
    [
        new("completed", "Not Interested", Weight: 40, MeanDuration: 48_000, MeanScore: 340),
        new("completed", "Call Back", Weight: 20, MeanDuration: 72_000, MeanScore: 580),
        new("completed", "Send Details", Weight: 14, MeanDuration: 95_000, MeanScore: 640),
        new("completed", "Wrong Number", Weight: 6, MeanDuration: 17_000),
        new("completed", "Language Barrier", Weight: 4, MeanDuration: 31_000),
        new("completed", "Do Not Call", Weight: 4, MeanDuration: 24_000, MeanScore: 210),
        new("completed", "Error", Weight: 2, MeanDuration: 9_000),
    ];

    public static readonly CallResult[] Unanswered =
    [
        new("completed", "Not Connected", Weight: 40),
        new("completed", "Voicemail", Weight: 34, MeanDuration: 22_000),
        new("completed", "Busy", Weight: 12),
        new("failed", Label: null, Weight: 8),
        new("pending", Label: null, Weight: 2),
    ];

    public static readonly CallResult Interested = new("completed", "Interested", Weight: 1, MeanDuration: 185_000, MeanScore: 780);

    public static readonly Agent[] Agents =
    [
        new("amelia", Weight: 5, FirstInterest: 0.42, LastInterest: 0.44),
        new("bruno", Weight: 5, FirstInterest: 0.36, LastInterest: 0.37),
        new("chloe", Weight: 4, FirstInterest: 0.20, LastInterest: 0.40),
        new("david", Weight: 4, FirstInterest: 0.30, LastInterest: 0.29),
        new("emeka", Weight: 4, FirstInterest: 0.38, LastInterest: 0.16),
        new("freya", Weight: 3, FirstInterest: 0.15, LastInterest: 0.16),
    ];

    public static readonly Campaign[] Campaigns =
    [
        new("welcome-calls", SalesSpace, Direction.Outbound, Weight: 5, Appeal: 1.1),
        new("win-back", SalesSpace, Direction.Outbound, Weight: 6, Appeal: 0.6, From: 0.5),
        new("renewals", RenewalsSpace, Direction.Outbound, Weight: 5, Appeal: 1.3),
        new("appointment-reminders", AppointmentsSpace, Direction.Outbound, Weight: 4, Appeal: 0.9, From: 0.25),
        new("service-line", ServiceSpace, Direction.Inbound, Weight: 3, Appeal: 0.8),
    ];

    public static readonly DemoSpace[] Spaces =
    [
        new(SalesSpace, "Sales", "N0SALES4K7T2M9Q5X1B8"),
        new(RenewalsSpace, "Renewals", "N1RENEW6C3P8W2J5D9F4"),
        new(AppointmentsSpace, "Appointments", "N2APPTS1H6V4R9L3G7Y5"),
        new(ServiceSpace, "Service line", "N3SRVCE8Z2B5N7S4A6U1"),
    ];

    private const long SalesSpace = NorthwindData.OrganisationId + 1;
    private const long RenewalsSpace = NorthwindData.OrganisationId + 2;
    private const long AppointmentsSpace = NorthwindData.OrganisationId + 3;
    private const long ServiceSpace = NorthwindData.OrganisationId + 4;

    // From 8:00 to 20:00: the calls of a day, and which share of those to people is answered. At night, only live calls are made.
    private const int OpeningHour = 8;
    private const double AnsweredShareAtNight = 0.3;

    private static readonly (int Calls, double AnsweredShare)[] Hours =
    [
        (6, 0.34), (12, 0.42), (16, 0.53), (15, 0.58), (10, 0.45), (9, 0.40),
        (13, 0.46), (15, 0.50), (14, 0.56), (11, 0.63), (6, 0.61), (3, 0.52),
    ];

    // From Sunday on.
    private static readonly double[] Weekdays = [0.15, 1.1, 1.15, 1.1, 1.05, 0.8, 0.4];

    // More by a third at the end than at the beginning.
    public static double GetCallsPerHour(Timestamp time, double progress) =>
        (GetHour(time)?.Calls ?? 0) * Weekdays[(int)ToUtc(time).DayOfWeek] * (0.86 + (0.28 * progress));

    public static double GetAnsweredShare(Timestamp time) => GetHour(time)?.AnsweredShare ?? AnsweredShareAtNight;

    private static (int Calls, double AnsweredShare)? GetHour(Timestamp time) =>
        ToUtc(time).Hour - OpeningHour is var hour && hour >= 0 && hour < Hours.Length ? Hours[hour] : null;

    private static DateTimeOffset ToUtc(Timestamp time) => DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds);

    /// <param name="FirstInterest">The share of people who are interested, eight weeks ago.</param>
    /// <param name="LastInterest">The same, now.</param>
    internal sealed record Agent(string Name, int Weight, double FirstInterest, double LastInterest)
    {
        public double GetInterest(double progress) => FirstInterest + ((LastInterest - FirstInterest) * progress);
    }

    /// <param name="From">When it began, as a part of the eight weeks.</param>
    internal sealed record Campaign(string RunId, long SpaceId, Direction Direction, int Weight, double Appeal, double From = 0)
    {
        public int GetWeight(double progress) => progress >= From ? Weight : 0;
    }

    /// <param name="MeanDuration">In milliseconds.</param>
    /// <param name="MeanScore">In hundredths.</param>
    internal sealed record CallResult(string Status, string? Label, int Weight, int? MeanDuration = null, int? MeanScore = null);
}
