using Analytics.Client.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Analytics.Client.Tests;

internal sealed class OptionsTests
{
    [TestCase(nameof(AnalyticsClientOptions.BaseAddress), "/relative")]
    [TestCase(nameof(AnalyticsClientOptions.BaseAddress), "ftp://service.test")]
    [TestCase(nameof(AnalyticsClientOptions.BaseAddress), "https://service.test?query")]
    [TestCase(nameof(AnalyticsClientOptions.BaseAddress), null)]
    [TestCase(nameof(AnalyticsClientOptions.Token), " ")]
    [TestCase(nameof(AnalyticsClientOptions.Organisation), "two words")]
    [TestCase(nameof(AnalyticsClientOptions.Organisation), "")]
    [TestCase(nameof(AnalyticsClientOptions.Product), "a\r\nb")]
    [TestCase(nameof(AnalyticsClientOptions.MaxRetries), "-1")]
    [TestCase(nameof(AnalyticsClientOptions.Timeout), "0")]
    [TestCase(nameof(AnalyticsClientOptions.Timeout), "90000")]
    public void Invalid_option_is_an_error_that_names_it(string option, string? value)
    {
        var options = CreateValid();
        switch (option)
        {
            case nameof(AnalyticsClientOptions.BaseAddress):
                options.BaseAddress = value is null ? null : new Uri(value, UriKind.RelativeOrAbsolute);
                break;
            case nameof(AnalyticsClientOptions.Token):
                options.Token = value;
                break;
            case nameof(AnalyticsClientOptions.Organisation):
                options.Organisation = value;
                break;
            case nameof(AnalyticsClientOptions.Product):
                options.Product = value;
                break;
            case nameof(AnalyticsClientOptions.MaxRetries):
                options.MaxRetries = int.Parse(value!, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case nameof(AnalyticsClientOptions.Timeout):
                options.Timeout = TimeSpan.FromSeconds(int.Parse(value!, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }

        var error = Assert.Throws<OptionsValidationException>(() => _ = new AnalyticsClient(options))!;
        Assert.That(error.Failures, Has.One.Items.And.One.Contains(option));
    }

    [Test]
    public void Token_and_token_provider_exclude_each_other()
    {
        var options = CreateValid();
        options.TokenProvider = (_, _) => ValueTask.FromResult("token");

        Assert.That(() => new AnalyticsClient(options), Throws.TypeOf<OptionsValidationException>());
    }

    [Test]
    public void Registered_client_is_validated_when_the_host_starts()
    {
        var services = new ServiceCollection();
        services.AddAnalyticsClient(options => options.Token = "token");

        var validator = services.BuildServiceProvider().GetRequiredService<IStartupValidator>();
        Assert.That(validator.Validate, Throws.TypeOf<OptionsValidationException>().With.Message.Contains("BaseAddress"));
    }

    [Test]
    public async Task Services_can_set_options()
    {
        using var server = new FakeServer(FakeServer.Respond(System.Net.HttpStatusCode.OK, FakeServer.Report));
        var services = new ServiceCollection().AddSingleton(new TokenService("of-the-service"));
        services.AddAnalyticsClient(options => options.BaseAddress = new Uri("http://service.test/base"))
            .ConfigurePrimaryHttpMessageHandler(() => server);
        services.AddOptions<AnalyticsClientOptions>()
            .Configure<TokenService>((options, tokens) => options.TokenProvider = (_, _) => ValueTask.FromResult(tokens.Token));

        await services.BuildServiceProvider().GetRequiredService<AnalyticsClient>().GetAnalyticsAsync();

        Assert.That(server.Requests.Select(request => (request.Authorization, request.Address.AbsolutePath)),
            Is.EqualTo(new[] { ("Bearer of-the-service", "/base/api/v2/platform/organisation/analytics/") }));
    }

    private static AnalyticsClientOptions CreateValid() => new() { BaseAddress = new Uri("https://service.test"), Token = "token" };

    private sealed record TokenService(string Token);
}
