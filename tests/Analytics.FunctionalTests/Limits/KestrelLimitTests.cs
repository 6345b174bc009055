using System.Net.Sockets;
using System.Text;
using Analytics.FunctionalTests.Support;

namespace Analytics.FunctionalTests.Limits;

/// <summary>What the web server rejects before the pipeline.</summary>
internal sealed class KestrelLimitTests : AcmeFixture
{
    [Test]
    public async Task Oversized_request_line_returns_414()
    {
        var fits = await Service.SendAsync(new AnalyticsRequest { Query = $"x={new string('x', 8_000)}" });
        var line = await Service.SendAsync(new AnalyticsRequest { Query = $"x={new string('x', 8_192)}" });

        Assert.That((fits.Status, line.Status), Is.EqualTo((200, 414)));
    }

    [Test]
    public async Task Oversized_or_too_many_headers_return_431()
    {
        var large = await Service.SendAsync(
            new AnalyticsRequest { Headers = [.. Enumerable.Range(0, 5).Select(i => ($"X-Large-{i}", new string('x', 7_000)))] });
        var many = await Service.SendAsync(new AnalyticsRequest { Headers = [.. Enumerable.Range(0, 100).Select(i => ($"X-{i}", "x"))] });

        Assert.That((large.Status, many.Status), Is.EqualTo((431, 431)));
    }

    [Test]
    [CancelAfter(30_000)]
    public async Task Slow_request_headers_return_408(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Service.Address.Host, Service.Address.Port, cancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "), cancellationToken);

        using var reader = new StreamReader(client.GetStream());
        Assert.That(await reader.ReadToEndAsync(cancellationToken), Does.StartWith("HTTP/1.1 408 "));
    }
}
