using Analytics.Api.Limits;

namespace Analytics.Api.Live;

/// <summary>How many streams may be open.</summary>
public sealed class StreamLimits() : CallerPlaces(MostOfACaller, Most)
{
    /// <summary>The most streams of one caller, over all organisations.</summary>
    public const int MostOfACaller = 5;

    /// <summary>The most streams of this process.</summary>
    public const int Most = 5_000;
}
