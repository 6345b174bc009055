using System.Data.Common;
using System.Security.Claims;
using Analytics.Api.Authentication;
using Analytics.Api.Hosting;
using Analytics.Api.Telemetry;
using Analytics.Infrastructure.Authentication;
using Analytics.Infrastructure.Configuration;
using Dapper;

namespace Analytics.Api.Health;

/// <summary>
/// Runs the pipeline a few times before the service listens: otherwise the first client waits for everything that is compiled,
/// opened or fetched on first use. The requests stay inside the process and are those of a member, for products without tasks:
/// every second one finds its response in the cache. They are not in the access log, and no user's rate limit counts them.
/// </summary>
internal static class WarmUp
{
    private const string Name = ResponseHeaders.WarmUpRequestId;

    private const string SelectOrganisation = "SELECT MIN(organisation_id) FROM members";

    private const string SelectMember =
        """
        SELECT o.handle AS Handle, MIN(m.user_id) AS UserId
          FROM members m
          JOIN organisations o ON o.id = m.organisation_id
         WHERE m.organisation_id = @OrganisationId
         GROUP BY o.handle
        """;

    // The first of a kind compiles; the others run what the first has only prepared.
    private static readonly string[] Queries = [.. Enumerable.Repeat("", 10), .. Enumerable.Repeat("?date_range=7d&interval=day", 4)];

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static async Task WarmUpAsync(this WebApplication app, string route, JwtSettings jwt)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            var pipeline = ((IApplicationBuilder)app).UseEndpoints(_ => { }).Build();
            if (app.Services.GetService<IssuerKeys>() is { } issuerKeys)
            {
                await issuerKeys.GetAsync();
            }

            var member = await FindMemberAsync(app.Services, timeout.Token);
            foreach (var (number, query) in Queries.Index())
            {
                await using var scope = app.Services.CreateAsyncScope();
                var context = CreateRequest($"{Name}-{number / 2}", member, jwt, scope.ServiceProvider, timeout.Token);
                context.Request.Path = $"/{route}/";
                context.Request.QueryString = new QueryString(query);
                await pipeline(context);
            }
        }
        catch (Exception exception)
        {
            app.Logger.LogWarning(exception, "The first requests will be slow, because the service could not run its own");
        }
    }

    // Without any, the requests are those of a non-member.
    private static async Task<Member> FindMemberAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var connection = await services.GetRequiredService<DbDataSource>().OpenConnectionAsync(cancellationToken);
        var organisationId = await connection.ExecuteScalarAsync<long?>(
            new CommandDefinition(SelectOrganisation, cancellationToken: cancellationToken));
        return await connection.QueryFirstOrDefaultAsync<Member>(
                new CommandDefinition(SelectMember, new { OrganisationId = organisationId }, cancellationToken: cancellationToken))
            ?? new Member();
    }

    private static DefaultHttpContext CreateRequest(
        string product, Member member, JwtSettings jwt, IServiceProvider services, CancellationToken cancellationToken)
    {
        var context = new DefaultHttpContext
        {
            RequestServices = services,
            RequestAborted = cancellationToken,

            // Only an issuer can create its tokens.
            User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(CallerClaims.CallerClaim, member.UserId)], Name)),
        };
        context.MarkAsWarmUp();
        context.Request.Method = HttpMethods.Get;
        context.Request.Headers[ParameterNames.OrgHandle] = member.Handle;
        context.Request.Headers[ParameterNames.ProductId] = product;
        context.Request.Headers[ResponseHeaders.RequestId] = Name;
        if (jwt.SigningKeys.Count > 0)
        {
            context.Request.Headers.Authorization = $"Bearer {AccessToken.Issue(jwt, member.UserId, Timeout, TimeProvider.System)}";
        }

        return context;
    }

    private sealed record Member
    {
        public string Handle { get; init; } = $"{Name}.invalid";
        public string UserId { get; init; } = Name;
    }
}
