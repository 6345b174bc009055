using System.Globalization;
using Analytics.Application.Ingestion.PushTasks;

namespace Analytics.Api.RequestBodies;

internal sealed class RejectedBodyException(int statusCode, string message) : Exception(message)
{
    public int StatusCode => statusCode;

    public static RejectedBodyException UnsupportedMediaType => new(
        StatusCodes.Status415UnsupportedMediaType, $"The body must be {PushBodyReader.MediaType}, in UTF-8.");

    public static RejectedBodyException UnsupportedEncoding => new(
        StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding must be {PushBodyReader.Gzip}, or absent.");

    public static RejectedBodyException TooLarge => new(
        StatusCodes.Status413PayloadTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"The body must be at most {PushBody.MaxLines:N0} lines and {PushBody.MaxBytes / 1024 / 1024} MB, decompressed: send the rest in another request."));
}
