using System.Text.Json.Serialization;

namespace Analytics.Client;

/// <summary>Why a request failed.</summary>
/// <param name="Value">The text in the API.</param>
[JsonConverter(typeof(ApiValueConverter<ErrorCode>))]
public readonly record struct ErrorCode(string Value) : IApiValue<ErrorCode>
{
    /// <summary>No such route.</summary>
    public static ErrorCode NotFound { get; } = new("not_found");

    /// <summary>The route has no such method.</summary>
    public static ErrorCode MethodNotAllowed { get; } = new("method_not_allowed");

    /// <summary>Over a limit of requests, streams or exports.</summary>
    public static ErrorCode RateLimited { get; } = new("rate_limited");

    /// <summary>There is no token.</summary>
    public static ErrorCode AuthenticationRequired { get; } = new("authentication_required");

    /// <summary>The token has no scheme.</summary>
    public static ErrorCode SchemeMissing { get; } = new("scheme_missing");

    /// <summary>The token is invalid or has expired.</summary>
    public static ErrorCode TokenInvalid { get; } = new("token_invalid");

    /// <summary>The body is over its limit.</summary>
    public static ErrorCode BodyTooLarge { get; } = new("body_too_large");

    /// <summary>The type of the body is not accepted.</summary>
    public static ErrorCode UnsupportedMediaType { get; } = new("unsupported_media_type");

    /// <summary>The encoding of the body is not accepted.</summary>
    public static ErrorCode UnsupportedEncoding { get; } = new("unsupported_encoding");

    /// <summary>The organisation is missing.</summary>
    public static ErrorCode OrgHandleRequired { get; } = new("org_handle_required");

    /// <summary>A parameter or header breaks a rule.</summary>
    public static ErrorCode InvalidParameter { get; } = new("invalid_parameter");

    /// <summary>The organisation does not exist, or the user is not a member.</summary>
    public static ErrorCode OrganizationNotFound { get; } = new("organization_not_found");

    /// <summary>The space does not exist in the organisation.</summary>
    public static ErrorCode SpaceNotFound { get; } = new("space_not_found");

    /// <summary>The query reads too many rows: shorten its range or add a filter.</summary>
    public static ErrorCode TooManyRows { get; } = new("too_many_rows");

    /// <summary>The user may not write to the organisation.</summary>
    public static ErrorCode WriteForbidden { get; } = new("write_forbidden");

    /// <summary>The body is not what its headers say.</summary>
    public static ErrorCode InvalidBody { get; } = new("invalid_body");

    /// <summary>A defect of the service.</summary>
    public static ErrorCode InternalError { get; } = new("internal_error");

    /// <summary>The service is temporarily unavailable.</summary>
    public static ErrorCode Unavailable { get; } = new("unavailable");

    /// <summary>Of this client: the service cannot be reached, or the connection broke off.</summary>
    public static ErrorCode Unreachable { get; } = new("unreachable");

    /// <summary>Of this client: the response is not one of the service, or cannot be read.</summary>
    public static ErrorCode Unknown { get; } = new("unknown");

    /// <summary>The text in the API.</summary>
    public override string ToString() => Value;

    static ErrorCode IApiValue<ErrorCode>.Create(string value) => new(value);
}
