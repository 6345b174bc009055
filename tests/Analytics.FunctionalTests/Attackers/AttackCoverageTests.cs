using Analytics.Application.Reporting.Parsing;
using Analytics.FunctionalTests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>The attack tests cover every route.</summary>
internal sealed class AttackCoverageTests : AcmeFixture
{
    private static readonly string[] AnonymousPaths = ["health/live", "health/ready", "openapi/v1.json", "docs", "page/"];

    [Test]
    public void Every_authenticated_route_is_attacked() =>
        Assert.That(GetEndpointPaths(requiresToken: true), Is.EquivalentTo(Route.All.Select(route => route.Path.Trim('/'))));

    [Test]
    public void Anonymous_routes_expose_no_tenant_data() =>
        Assert.That(GetEndpointPaths(requiresToken: false)
            .Where(path => path.Length > 0
                && !AnonymousPaths.Any(anonymousPath => path.StartsWith(anonymousPath, StringComparison.Ordinal))), Is.Empty);

    [Test]
    public void Every_query_parameter_is_attacked()
    {
        var names = QueryParameters.All.Select(parameter => parameter.Name).Distinct(StringComparer.Ordinal);

        Assert.That(Route.QueryParameters, Is.EquivalentTo(names));
        Assert.That(CrossTenantAttackTests.AttackedParameters, Is.EquivalentTo(names));
    }

    private IEnumerable<string> GetEndpointPaths(bool requiresToken) => Service.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null == requiresToken)
        .Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/'))
        .Distinct(StringComparer.Ordinal);
}
