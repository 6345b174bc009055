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
        [("contact", "active"), (" Contact ", "ACTIVE"), ("general", "active"), ("contact", "archived"), ("CONTACT\u0130", NonAsciiText),
        ("\u2003Contact\u3000", "\u00A0ACTIVE")];

    // Words in other letter cases, with blanks of Unicode around them, and with letters that engines lower differently.
    private static readonly Func<string, string>[] Spellings =
    [
        word => word,
        word => $"\u2003{word.ToUpperInvariant()}\u00A0",
        word => $"\u3000{word}\u0130 ",
        word => word.Replace('k', '\u212A').Replace('e', '\u00C9'),
    ];

    private static readonly Gen<TaskWrite> Writes =
        from write in RandomWrites.Generator
        from spelling in Gen.Int[0, Spellings.Length - 1]
        let spell = Spellings[spelling]
        select write.Content is not { } content ? write : write with
        {
            Content = (content with
            {
                Status = spell(content.Status),
                ExecutionType = spell(content.ExecutionType),
                Label = content.Label is null ? null : spell(content.Label),
            }).WithClassifiedOutcome(),
        };

    private static readonly Gen<(TaskWrite[] Writes, int Batch, (string ContentType, string Status)[] Spaces)> Histories = Gen.Select(
        Writes.Array[1, 80],
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
        await service.AddOrganisationAsync(organisation, handle, organisation % 3 == 0 ? "\u2003Active\u00A0" : "active");
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

        foreach (var filter in new[] { "status=completed", "status=%E2%80%83PENDING", "status=hold%C4%B0", "status=p%C3%A9nding",
            "execution_type=CALL%C2%A0", "execution_type=call%C4%B0", "execution_type=%C3%A9mail", "outcome=call_back" })
        {
            var list = await service.ListTasksAsync(
                $"limit=1000&{filter}", new AnalyticsRequest { Handle = handle, Product = "a" });
            responses.Add($"{filter}: {string.Join(',', list.GetTaskIds())}");
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
