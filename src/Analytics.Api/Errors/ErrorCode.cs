using System.Text.Json.Serialization;

namespace Analytics.Api.Errors;

/// <summary>Why a request failed, for machines. Codes are only ever added.</summary>
[JsonConverter(typeof(ErrorCodeConverter))]
public enum ErrorCode
{
    NotFound,
    MethodNotAllowed,
    RateLimited,
    AuthenticationRequired,
    SchemeMissing,
    TokenInvalid,
    BodyTooLarge,
    UnsupportedMediaType,
    UnsupportedEncoding,
    OrgHandleRequired,
    InvalidParameter,
    OrganizationNotFound,
    SpaceNotFound,
    TooManyRows,
    WriteForbidden,
    InvalidBody,
    InternalError,
    Unavailable,
}

internal sealed class ErrorCodeConverter() : JsonStringEnumConverter<ErrorCode>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
