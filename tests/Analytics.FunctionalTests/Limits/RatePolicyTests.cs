using System.Net;
using Analytics.Api.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests.Limits;

/// <summary>Who counts as one sender, and that a flood of them takes no memory.</summary>
internal sealed class RatePolicyTests
{
    [TestCase("192.0.2.1", "192.0.2.1", true), TestCase("192.0.2.1", "::ffff:192.0.2.1", true), TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true), TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false), TestCase("::1", "0.0.0.1", false)]
    public void AnIPv6NetworkIsOneSender(string one, string other, bool isSame) =>
        Assert.That(RateLimits.NetworkOf(IPAddress.Parse(one)) == RateLimits.NetworkOf(IPAddress.Parse(other)), Is.EqualTo(isSame));

    [Test]
    public void SendersBeyondTheMostShareOneCountUntilTheMinuteIsOver()
    {
        var clock = new FakeTimeProvider();
        var policy = new RatePolicy<int>("reads", quota: 2, clock);
        for (var sender = 0; sender < RatePolicy<int>.MostSenders; sender++)
        {
            policy.Count(sender);
        }

        var late = Enumerable.Range(RatePolicy<int>.MostSenders, 3).Select(sender => policy.Count(sender).IsOver).ToList();
        Assert.That(late, Is.EqualTo(new[] { false, false, true }));
        Assert.That((policy.Count(0).IsOver, policy.Count(0).IsOver), Is.EqualTo((false, true)), "Those that were there before have their own");

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(policy.Count(RatePolicy<int>.MostSenders + 9).Requests, Is.EqualTo(1));
    }

    [Test]
    public void NoRequestIsLostAmongManyAtOnce()
    {
        var policy = new RatePolicy<int>("reads", quota: 1_000, new FakeTimeProvider());
        var left = new RateLeft[5_000];

        Parallel.For(0, left.Length, i => left[i] = policy.Count(i % 2));

        Assert.That(left.Count(one => !one.IsOver), Is.EqualTo(2_000));
    }
}
