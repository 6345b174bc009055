using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Analytics.Infrastructure.Configuration;

/// <summary>Trusted tokens: those signed with a shared key, or those of an OpenID Connect issuer.</summary>
public sealed record JwtSettings
{
    private const string Base64Prefix = "base64:";
    private const int MinKeyBytes = 32;

    /// <summary>
    /// <c>Jwt:SigningKeys</c>: shared HS256 keys, each UTF-8 text of at least 32 bytes or <c>base64:…</c>. All are
    /// trusted; the first one signs. Empty with an <see cref="Authority"/>.
    /// </summary>
    public required IReadOnlyList<SymmetricSecurityKey> SigningKeys { get; init; }

    /// <summary><c>Jwt:Authority</c>: the address of an OpenID Connect issuer.</summary>
    public required Uri? Authority { get; init; }

    /// <summary><c>Jwt:Issuer</c>: with shared keys, checked only when set.</summary>
    public required string? Issuer { get; init; }

    /// <summary><c>Jwt:Audience</c>: with shared keys, checked only when set; with an issuer, required.</summary>
    public required string? Audience { get; init; }

    public static JwtSettings From(IConfiguration configuration)
    {
        var settings = new JwtSettings
        {
            SigningKeys = configuration.GetList(SettingKeys.SigningKeys, key => new SymmetricSecurityKey(ParseKey(key))),
            Authority = ParseAuthority(configuration[SettingKeys.Authority]),
            Issuer = NullIfEmpty(configuration[SettingKeys.Issuer]),
            Audience = NullIfEmpty(configuration[SettingKeys.Audience]),
        };

        return (settings.SigningKeys.Count > 0, settings.Authority) switch
        {
            (true, not null) => throw new ConfigurationException(
                $"{SettingKeys.SigningKeys} and {SettingKeys.Authority} are both set: keep the one whose tokens are to be trusted."),
            (false, null) => throw new ConfigurationException(
                $"{SettingKeys.SigningKeys} is missing: set {SettingKeys.SigningKeys}:0 to a secret of at least {MinKeyBytes} bytes, or {SettingKeys.Authority} to an OpenID Connect issuer."),
            (false, not null) when settings.Audience is null =>
                throw new ConfigurationException($"{SettingKeys.Audience} is missing: {SettingKeys.Authority} requires it."),
            _ => settings,
        };
    }

    private static byte[] ParseKey(IConfigurationSection key)
    {
        var text = key.Value ?? "";
        byte[] bytes;
        try
        {
            bytes = text.StartsWith(Base64Prefix, StringComparison.Ordinal)
                ? Convert.FromBase64String(text[Base64Prefix.Length..])
                : Encoding.UTF8.GetBytes(text);
        }
        catch (FormatException)
        {
            throw new ConfigurationException($"{key.Path} begins with {Base64Prefix} but is not base64.");
        }

        return bytes.Length >= MinKeyBytes ? bytes : throw new ConfigurationException($"{key.Path} is shorter than {MinKeyBytes} bytes.");
    }

    private static Uri? ParseAuthority(string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            return null;
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var authority)
            && (authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback))
                ? authority
                : throw new ConfigurationException($"{SettingKeys.Authority} must be an https address.");
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
