using Analytics.Application.Ingestion;
using Analytics.Domain.Tasks;
using Analytics.FunctionalTests.Support;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>A random history yields the same responses on every configured engine, byte for byte.</summary>
internal sealed class DifferentialTests
{
    private const string NonAsciiText = "\u0130\u212A \U0001F600 e\u0301";

    private static readonly (string Key, string Value)[] SpaceStates =
        [("contact", "active"), (" Contact ", "ACTIVE"), ("general", "active"), ("contact", "archived"), ("CONTACT\u0130", NonAsciiText)];

    private static readonly Gen<(TaskWrite[] Writes, int Batch, (string ContentType, string Status)[] Spaces)> Histories = Gen.Select(
        RandomWrites.Generator.Array[1, 80],
        Gen.Int[1, 30],
        Gen.OneOf(SpaceStates).Array[3, 3]);

    [Test]
    public async Task All_engines_return_the_same_responses()
    {
        var services = await Task.WhenAll(TestEngines.Configured.Select(engine => AnalyticsService.StartAsync(engine, _ => { })));
        try
        {
            var organisation = 0L;
            await Histories.SampleAsync(async history =>
            {
                organisation++;
                var responses = await Task.WhenAll(services.Select(service => ReplayAsync(service, organisation, history)));
                Assert.That(responses.Skip(1), Is.All.EqualTo(responses[0]));
            }, iter: TestDepth.Select(10, 25), threads: 1);
        }
        finally
        {
            foreach (var service in services)
            {
                await service.DisposeAsync();
            }
        }
    }

    private static async Task<string> ReplayAsync(
        AnalyticsService service, long organisation, (TaskWrite[] Writes, int Batch, (string ContentType, string Status)[] Spaces) history)
    {
        var handle = $"org{organisation}.example";
        await service.AddOrganisationAsync(organisation, handle, organisation % 3 == 0 ? " Active " : "active");
        await service.AddMemberAsync(organisation, NonAsciiText);
        await service.AddMemberAsync(organisation, Acme.MemberUserId);
        foreach (var (number, space) in history.Spaces.Index())
        {
            await service.AddSpaceAsync(organisation, (organisation * 10) + number + 1, $"S{number + 1}", space.ContentType, space.Status);
        }

        var responses = new List<string>();
        foreach (var batch in history.Writes.Chunk(history.Batch))
        {
            var written = await service.Services.GetRequiredService<TaskWriter>()
                .WriteAsync(organisation, [.. batch.Select(write => write.InOrganisationSpace(organisation))], CancellationToken.None);
            responses.Add($"{written}");
            responses.Add(await SendAsync(service, new AnalyticsRequest { Handle = handle }));
        }

        foreach (var space in new[] { null, "S1", "S2", "S3", "s1" })
        {
            foreach (var product in new[] { "a", "b", "A", null })
            {
                responses.Add(await SendAsync(service, new AnalyticsRequest { Handle = handle, SpaceToken = space, Product = product }));
                responses.Add(await SendAsync(service, new AnalyticsRequest {
                    Handle = handle, SpaceToken = space, Product = product, Authorization = Tokens.CreateAuthorization(NonAsciiText) }));
            }
        }

        foreach (var nonMember in new[] {
            $"{Acme.MemberUserId} ", $" {Acme.MemberUserId}", "\u0661", NonAsciiText.ToUpperInvariant(), NonAsciiText.Normalize() })
        {
            responses.Add(
                await SendAsync(service, new AnalyticsRequest { Handle = handle, Authorization = Tokens.CreateAuthorization(nonMember) }));
        }

        return string.Join('\n', responses);
    }

    private static async Task<string> SendAsync(AnalyticsService service, AnalyticsRequest request)
    {
        var reply = await service.SendAsync(request with { Headers = [("X-Request-Id", "a")] });
        return $"{reply.Status} {reply.Body}";
    }
}
