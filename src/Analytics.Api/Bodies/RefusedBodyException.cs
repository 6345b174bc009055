using System.Globalization;
using Analytics.Application.Tasks.PushTasks;

namespace Analytics.Api.Bodies;

/// <summary>A body that is not taken in. Its message names the limit, or what is accepted.</summary>
internal sealed class RefusedBodyException(int statusCode, string message) : Exception(message)
{
    public int StatusCode => statusCode;

    public static RefusedBodyException OtherType => new(StatusCodes.Status415UnsupportedMediaType, $"The body must be {TasksBody.MediaType}, in UTF-8.");

    public static RefusedBodyException OtherEncoding => new(StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding must be {TasksBody.Gzip}, or absent.");

    public static RefusedBodyException TooLarge => new(
        StatusCodes.Status413PayloadTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"The body must be at most {PushedTasks.MostLines:N0} lines and {PushedTasks.MostBytes / 1024 / 1024} MB, decompressed: send the rest in another request."));
}
