using Analytics.Application.Ingestion;
using Analytics.Domain.Tasks;
using Analytics.FunctionalTests.Support;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests;

/// <summary>One random history gives the same answers on every engine that runs, byte for byte.</summary>
internal sealed class DifferentialTests
{
    private const string Odd = "\u0130\u212A \U0001F600 e\u0301";

    private static readonly (string Key, string Value)[] SpaceRules = [("contact", "active"), (" Contact ", "ACTIVE"), ("general", "active"), ("contact", "archived"), ("CONTACT\u0130", Odd)];

    private static readonly Gen<(TaskWrite[] Writes, int Batch, (string ContentType, string Status)[] Spaces)> Histories = Gen.Select(
        RandomWrites.Any.Array[1, 80],
        Gen.Int[1, 30],
        Gen.OneOf(SpaceRules).Array[3, 3]);

    [Test]
    public async Task EveryEngineGivesTheSameAnswers()
    {
        var services = await Task.WhenAll(Engines.Running.Select(engine => AnalyticsService.StartAsync(engine, _ => { })));
        try
        {
            var organisation = 0L;
            await Histories.SampleAsync(async history =>
            {
                organisation++;
                var answers = await Task.WhenAll(services.Select(service => ReplayAsync(service, organisation, history)));
                Assert.That(answers.Skip(1), Is.All.EqualTo(answers[0]));
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
        await service.HasOrganisationAsync(organisation, handle, organisation % 3 == 0 ? " Active " : "active");
        await service.HasMemberAsync(organisation, Odd);
        await service.HasMemberAsync(organisation, Acme.Member);
        foreach (var (number, space) in history.Spaces.Index())
        {
            await service.HasSpaceAsync(organisation, (organisation * 10) + number + 1, $"S{number + 1}", space.ContentType, space.Status);
        }

        var answers = new List<string>();
        foreach (var batch in history.Writes.Chunk(history.Batch))
        {
            var written = await service.Services.GetRequiredService<WriteTasks>().WriteAsync(organisation, [.. batch.Select(write => write.InSpaceOf(organisation))], CancellationToken.None);
            answers.Add($"{written}");
            answers.Add(await AskAsync(service, new Question { Handle = handle }));
        }

        foreach (var space in new[] { null, "S1", "S2", "S3", "s1" })
        {
            foreach (var product in new[] { "a", "b", "A", null })
            {
                answers.Add(await AskAsync(service, new Question { Handle = handle, Space = space, Product = product }));
                answers.Add(await AskAsync(service, new Question { Handle = handle, Space = space, Product = product, Authorization = Tokens.Jwt(Odd) }));
            }
        }

        foreach (var stranger in new[] { $"{Acme.Member} ", $" {Acme.Member}", "\u0661", Odd.ToUpperInvariant(), Odd.Normalize() })
        {
            answers.Add(await AskAsync(service, new Question { Handle = handle, Authorization = Tokens.Jwt(stranger) }));
        }

        return string.Join('\n', answers);
    }

    private static async Task<string> AskAsync(AnalyticsService service, Question question)
    {
        var reply = await service.AskAsync(question with { Headers = [("X-Request-Id", "a")] });
        return $"{reply.Status} {reply.Body}";
    }
}
