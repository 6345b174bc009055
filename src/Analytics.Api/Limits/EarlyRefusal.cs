using Analytics.Api.Errors;
using Analytics.Application.Pipeline;

namespace Analytics.Api.Limits;

/// <summary>What is answered with the help of the database, and so needs a place there.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TakesPlaceAttribute : Attribute
{
    /// <summary>Whether its place is one of the streams': how long the queue of questions is says nothing of these.</summary>
    public bool OfStreams { get; init; }
}

/// <summary>
/// Refuses at the door what would find the queue for the database full. The pipeline would refuse it too, but under an
/// overload most requests are refused: what that costs is taken from those that are answered.
/// </summary>
internal static class EarlyRefusal
{
    /// <summary>Stands behind authorization: who may not ask is told so also then.</summary>
    public static IApplicationBuilder UseEarlyRefusal(this IApplicationBuilder app)
    {
        var places = app.ApplicationServices.GetRequiredService<DatabasePlaces>();
        return app.Use((context, next) => FindsNoRoom(context, places) ? ErrorResponses.WriteAsync(context, ErrorTable.Unavailable) : next(context));
    }

    /// <summary>Whether a request changes nothing.</summary>
    public static bool OnlyReads(this HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    private static bool FindsNoRoom(HttpContext context, DatabasePlaces places) =>
        context.GetEndpoint()?.Metadata.GetMetadata<TakesPlaceAttribute>() is { OfStreams: false }
        && !(context.Request.OnlyReads() ? places.HaveRoomForQuestion : places.HaveRoomForWrite);
}
