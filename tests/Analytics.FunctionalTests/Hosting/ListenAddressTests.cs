using Analytics.Infrastructure.Configuration;
using Microsoft.Extensions.Configuration;

namespace Analytics.FunctionalTests.Hosting;

/// <summary>Which settings name the addresses.</summary>
internal sealed class ListenAddressTests
{
    private const string Endpoint = "Kestrel:Endpoints:Http:Url";

    [TestCase("", "", "", "", "http://127.0.0.1:8000")]
    [TestCase("", "", "81;82", "444", "http://*:81;http://*:82;https://*:444")]
    [TestCase("", "http://127.0.0.1:83", "81", "444", "http://127.0.0.1:83")]
    [TestCase("http://127.0.0.1:84", "http://127.0.0.1:83", "81", "444", "http://127.0.0.1:84")]
    [TestCase("", "http://127.0.0.1:83;", "", "", "http://127.0.0.1:83")]
    [TestCase("", " http://+:83 ; https://[::1]:84 ;", "", "", "http://+:83;https://[::1]:84")]
    [TestCase("", "http://unix:/run/a.sock", "", "", "http://unix:/run/a.sock")]
    [TestCase("", ";", "81;", "", "http://*:81")]
    public void Endpoints_precede_urls_which_precede_ports(
        string endpoint, string urls, string httpPorts, string httpsPorts, string addresses) =>
        Assert.That(string.Join(';', Read((Endpoint, endpoint), ("Urls", urls), ("HTTP_PORTS", httpPorts), ("HTTPS_PORTS", httpsPorts))
            .Select(address => address.Url)), Is.EqualTo(addresses));

    [TestCase("Urls", "127.0.0.1:8000"), TestCase("Urls", "ftp://127.0.0.1"), TestCase("Urls", "http://"),
        TestCase("Urls", "http://127.0.0.1:70000")]
    [TestCase("Urls", "http://127.0.0.1/base"), TestCase("Urls", "http://127.0.0.1:8000?a"), TestCase("Urls", "http://user@127.0.0.1"),
        TestCase("Urls", "http://unix:a.sock")]
    [TestCase("HTTP_PORTS", "http"), TestCase("HTTP_PORTS", "70000"), TestCase("HTTPS_PORTS", "-1"), TestCase(Endpoint, "8000")]
    public void Invalid_address_is_an_error_that_names_its_key(string key, string value) =>
        Assert.That(() => Read((key, value)), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith($"{key} must be "));

    private static IReadOnlyList<ListenAddress> Read(params IEnumerable<(string Key, string Value)> settings) =>
        ListenAddress.From(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Where(setting => setting.Value.Length > 0)
                .Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build());
}
