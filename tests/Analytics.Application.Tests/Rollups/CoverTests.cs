using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Metrics;
using CsCheck;

namespace Analytics.Application.Tests.Rollups;

internal sealed class CoverTests
{
    private const int Quarters = 3 * 31 * 96;

    private static readonly Timestamp Start = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());

    [TestCase(false), TestCase(true)]
    public void EveryQuarterOfTheRangeIsCountedOnceAndNoOther(bool byAgent) => Gen.Select(Gen.Int[0, Quarters], Gen.Int[0, Quarters]).Sample((one, other) =>
    {
        var (from, to) = (Math.Min(one, other), Math.Max(one, other));
        var counted = new int[Quarters + (31 * 96)];
        foreach (var (piece, sign) in RangeDecomposition.Decompose(new TimeRange(At(from), At(to)), byAgent ? Granularities.PerAgent : Granularities.Combined))
        {
            Assert.That(Granularities.StartOf(piece.Granularity, piece.First), Is.EqualTo(piece.First));
            Assert.That(Granularities.StartOf(piece.Granularity, piece.Last), Is.EqualTo(piece.Last));
            for (var i = QuarterOf(piece.First); i < QuarterOf(piece.Last); i++)
            {
                counted[i] += sign;
            }
        }

        Assert.That(counted, Is.EqualTo(Enumerable.Range(0, counted.Length).Select(i => i >= from && i < to ? 1 : 0)));
    });

    [TestCase("2026-03-01T00:00:00Z", "2026-03-08T00:00:00Z", "+Day 7")]
    [TestCase("2026-03-01T18:30:00Z", "2026-03-02T18:30:00Z", "+Day 1 +Quarter 2 +Hour 5 -Quarter 2 -Hour 5")]
    [TestCase("2026-03-01T05:00:00Z", "2026-03-02T05:00:00Z", "+Day 1 -Hour 5 +Hour 5")]
    [TestCase("2026-03-01T10:15:00Z", "2026-03-01T10:45:00Z", "+Quarter 2")]
    public void ARangeIsMadeOfFewRows(string from, string to, string pieces) =>
        Assert.That(
            RangeDecomposition.Decompose(new TimeRange(Parse(from), Parse(to)), Granularities.Combined).Select(part => $"{(part.Sign > 0 ? '+' : '-')}{part.Piece.Granularity} {Rows(part.Piece)}"),
            Is.EquivalentTo(pieces.Split(' ').Chunk(2).Select(words => string.Join(' ', words))));

    [Test]
    public void WhatHasNoBoundsIsOnePiece() =>
        Assert.That(RangeDecomposition.Decompose(TimeRange.All, Granularities.PerAgent).Select(part => part.Piece.Granularity), Is.EqualTo(new[] { Granularity.AgentMonth }));

    [Test]
    public void WhatEndsBeforeAnyTaskIsNoPiece() => Assert.That(RangeDecomposition.Decompose(new TimeRange(null, new Timestamp(-1)), Granularities.Combined), Is.Empty);

    private static long Rows(RollupSegment piece) => (piece.Last.UnixMilliseconds - piece.First.UnixMilliseconds) / (Granularities.EndOf(piece.Granularity, piece.First).UnixMilliseconds - piece.First.UnixMilliseconds);

    private static Timestamp Parse(string text) => Timestamp.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    private static Timestamp At(int quarter) => new(Start.UnixMilliseconds + (quarter * QuarterHour.Milliseconds));

    private static int QuarterOf(Timestamp at) => (int)((at.UnixMilliseconds - Start.UnixMilliseconds) / QuarterHour.Milliseconds);
}
