using Analytics.Application.Reporting.Parsing;
using Analytics.Application.Rollups;
using Analytics.Domain;
using Analytics.Domain.Metrics;
using CsCheck;

namespace Analytics.Application.Tests.Rollups;

internal sealed class CoverTests
{
    private const int Quarters = 3 * 31 * 96;

    private static readonly Instant Start = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());

    [TestCase(false), TestCase(true)]
    public void EveryQuarterOfTheRangeIsCountedOnceAndNoOther(bool byAgent) => Gen.Select(Gen.Int[0, Quarters], Gen.Int[0, Quarters]).Sample((one, other) =>
    {
        var (from, to) = (Math.Min(one, other), Math.Max(one, other));
        var counted = new int[Quarters + (31 * 96)];
        foreach (var (piece, sign) in Cover.Of(new TimeRange(At(from), At(to)), byAgent ? Grains.OfAgents : Grains.OfAll))
        {
            Assert.That(Grains.StartOf(piece.Grain, piece.First), Is.EqualTo(piece.First));
            Assert.That(Grains.StartOf(piece.Grain, piece.Last), Is.EqualTo(piece.Last));
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
            Cover.Of(new TimeRange(Parse(from), Parse(to)), Grains.OfAll).Select(part => $"{(part.Sign > 0 ? '+' : '-')}{part.Piece.Grain} {Rows(part.Piece)}"),
            Is.EquivalentTo(pieces.Split(' ').Chunk(2).Select(words => string.Join(' ', words))));

    [Test]
    public void WhatHasNoBoundsIsOnePiece() =>
        Assert.That(Cover.Of(TimeRange.All, Grains.OfAgents).Select(part => part.Piece.Grain), Is.EqualTo(new[] { Grain.AgentMonth }));

    [Test]
    public void WhatEndsBeforeAnyTaskIsNoPiece() => Assert.That(Cover.Of(new TimeRange(null, new Instant(-1)), Grains.OfAll), Is.Empty);

    private static long Rows(Piece piece) => (piece.Last.UnixMilliseconds - piece.First.UnixMilliseconds) / (Grains.EndOf(piece.Grain, piece.First).UnixMilliseconds - piece.First.UnixMilliseconds);

    private static Instant Parse(string text) => Instant.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    private static Instant At(int quarter) => new(Start.UnixMilliseconds + (quarter * Slot.Milliseconds));

    private static int QuarterOf(Instant at) => (int)((at.UnixMilliseconds - Start.UnixMilliseconds) / Slot.Milliseconds);
}
