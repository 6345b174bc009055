using Analytics.Application.Requests;
using Analytics.FunctionalTests.Support;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.FunctionalTests.Attackers;

/// <summary>The suite attacks every route that there is.</summary>
internal sealed class RouteTests : AcmeFixture
{
    private static readonly string[] OpenToAnyone = ["health/live", "health/ready", "openapi/v1.json", "docs"];

    [Test]
    public void EveryRouteThatAsksForATokenIsAttacked() =>
        Assert.That(Endpoints(asksForToken: true), Is.EquivalentTo(Route.All.Select(route => route.Path.Trim('/'))));

    [Test]
    public void NoOtherRouteIsOpenButThoseThatTellNothingOfAnybody() =>
        Assert.That(Endpoints(asksForToken: false).Where(path => !OpenToAnyone.Any(open => path.StartsWith(open, StringComparison.Ordinal))), Is.Empty);

    [Test]
    public void SoIsEveryParameter()
    {
        string[] others = [ParameterNames.OrgHandle, ParameterNames.ProductId, ParameterNames.Body];
        var names = typeof(ParameterNames).GetFields().Select(field => (string)field.GetRawConstantValue()!).Except(others, StringComparer.Ordinal);

        Assert.That(Route.Parameters, Is.EquivalentTo(names));
        Assert.That(CrossTenantAttacks.Parameters, Is.EquivalentTo(names));
    }

    private IEnumerable<string> Endpoints(bool asksForToken) => Service.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null == asksForToken)
        .Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/'))
        .Distinct(StringComparer.Ordinal);
}
