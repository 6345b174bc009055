using Analytics.ContractTests.Support;

namespace Analytics.ContractTests;

/// <summary>What every response has, and that every described path responds as described.</summary>
internal sealed class HeaderTests
{
    private static ApiClient Api => Deployment.Api;

    [TestCaseSource(typeof(OpenApiDocument), nameof(OpenApiDocument.GetReadablePaths))]
    public async Task Described_path_responds_as_described(string path)
    {
        var reply = await Api.GetAsync("", path);

        Assert.That((reply["X-Content-Type-Options"], reply["Referrer-Policy"], reply["Content-Type"]),
            Is.EqualTo(("nosniff", "no-referrer", "application/json; charset=utf-8")), reply.Explain("Every response has these headers."));
        Assert.That(reply["X-Request-Id"], Does.Match("^[0-9A-Za-z._-]{1,128}$"), reply.Explain("Every response has an X-Request-Id."));
    }

    [TestCase("a"), TestCase("Contract.Tests_1-2")]
    public async Task Valid_request_id_is_repeated(string id)
    {
        var reply = await Api.SendAsync(new ContractRequest { Headers = [("X-Request-Id", id)] });

        Assert.That(reply["X-Request-Id"], Is.EqualTo(id), reply.Explain("The caller's X-Request-Id is used if it is valid."));
    }

    [TestCase("a b"), TestCase("a/b"), TestCase("<script>")]
    public async Task Invalid_request_id_is_replaced(string id)
    {
        var reply = await Api.SendAsync(new ContractRequest { Headers = [("X-Request-Id", id)] });

        Assert.That(reply["X-Request-Id"], Is.Not.EqualTo(id).And.Match("^[0-9A-Za-z._-]{1,128}$"),
            reply.Explain("An X-Request-Id that is not 1 to 128 letters, digits, '.', '_' or '-' is replaced."));
    }

    [Test]
    public void Tests_reference_no_assembly_of_the_service() => Assert.That(
        typeof(HeaderTests).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name), Has.None.StartWith("Analytics."));
}
