using System.Net;
using Analytics.Api.RateLimiting;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.FunctionalTests.Limits;

/// <summary>Which requests share a counter, and that many clients use bounded memory.</summary>
internal sealed class FixedWindowCounterTests
{
    [TestCase("192.0.2.1", "192.0.2.1", true), TestCase("192.0.2.1", "::ffff:192.0.2.1", true), TestCase("192.0.2.1", "192.0.2.2", false)]
    [TestCase("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true), TestCase("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        TestCase("::1", "0.0.0.1", false)]
    public void IPv6_addresses_of_one_network_share_a_partition(string one, string other, bool isSame) =>
        Assert.That(RateLimits.GetPartitionKey(IPAddress.Parse(one)) == RateLimits.GetPartitionKey(IPAddress.Parse(other)),
            Is.EqualTo(isSame));

    [Test]
    public void Overflow_partitions_share_one_counter_per_window()
    {
        var clock = new FakeTimeProvider();
        var counter = new FixedWindowCounter<int>("reads", quota: 2, clock);
        for (var partitionKey = 0; partitionKey < FixedWindowCounter<int>.MaxPartitions; partitionKey++)
        {
            counter.Increment(partitionKey);
        }

        var overflow = Enumerable.Range(FixedWindowCounter<int>.MaxPartitions, 3)
            .Select(partitionKey => counter.Increment(partitionKey).IsExceeded).ToList();
        Assert.That(overflow, Is.EqualTo(new[] { false, false, true }));
        Assert.That((counter.Increment(0).IsExceeded, counter.Increment(0).IsExceeded), Is.EqualTo((false, true)),
            "Earlier partitions have their own counters");

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(counter.Increment(FixedWindowCounter<int>.MaxPartitions + 9).Remaining, Is.EqualTo(1));
    }

    [Test]
    public void Concurrent_requests_are_all_counted()
    {
        var counter = new FixedWindowCounter<int>("reads", quota: 1_000, new FakeTimeProvider());
        var statuses = new RateLimitStatus[5_000];

        Parallel.For(0, statuses.Length, i => statuses[i] = counter.Increment(i % 2));

        Assert.That(statuses.Count(status => !status.IsExceeded), Is.EqualTo(2_000));
    }
}
