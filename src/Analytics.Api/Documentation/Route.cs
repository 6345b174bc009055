using Analytics.Api.Controllers;
using Analytics.Api.Formats;
using Analytics.Api.Startup;
using Analytics.Application.Pipeline;
using Microsoft.Net.Http.Headers;

namespace Analytics.Api.Documentation;

/// <summary>What a controller and the pipeline around it read and answer, beside what its action's signature says.</summary>
internal sealed record Route
{
    private static readonly Route Anyones = new();

    private static readonly Route Analytics = new()
    {
        Parameters = [.. QueryParameters.OfAnalytics, InputNames.OrgHandle, InputNames.ProductId, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = [Outputs.Json, AcceptedFormat.Csv, AcceptedFormat.Ndjson],
        Answers = Examples.OfAnalytics,
        Errors = [.. ErrorExamples.OfOrganisation, .. ErrorExamples.OfBlocks, .. ErrorExamples.OfTables],
        IsOfCaller = true,
        IsTagged = true,
        HeadersOfAnswer = [HeaderNames.ContentDisposition],
    };

    private static readonly Route Stream = new()
    {
        Parameters = [.. QueryParameters.OfStream, InputNames.OrgHandle, InputNames.ProductId, AnalyticsStreamController.LastEventId, ResponseHeaders.RequestId],
        MediaTypes = [Outputs.Events],
        Answers = Examples.OfStream,
        Errors = [.. ErrorExamples.OfOrganisation, .. ErrorExamples.OfBlocks, .. ErrorExamples.OfStream],
        IsOfCaller = true,
    };

    private static readonly Route Tasks = new()
    {
        Parameters = [.. QueryParameters.OfTasks, InputNames.OrgHandle, InputNames.ProductId, HeaderNames.IfNoneMatch, ResponseHeaders.RequestId],
        MediaTypes = [Outputs.Json, AcceptedFormat.Csv, AcceptedFormat.Ndjson],
        Answers = Examples.OfTasks,
        Errors = [.. ErrorExamples.OfOrganisation, .. ErrorExamples.OfTasks],
        IsOfCaller = true,
        IsTagged = true,
        HeadersOfAnswer = [HeaderNames.Link, HeaderNames.ContentDisposition],
    };

    private static readonly Route Push = new()
    {
        Parameters = [InputNames.OrgHandle, InputNames.ProductId, HeaderNames.ContentEncoding, ResponseHeaders.RequestId],
        Body = Pushes.Body,
        Answers = Pushes.Answers,
        Errors = [.. ErrorExamples.OfScope, .. ErrorExamples.OfPush],
        IsOfCaller = true,
    };

    private static readonly Route Definitions = new()
    {
        Answers = Examples.OfDefinitions,
        Errors = [.. ErrorExamples.OfCaller, .. ErrorExamples.OfDefinitions, ErrorExamples.IssuerAway],
        IsOfCaller = true,
    };

    /// <summary>The parameters and the headers of the request, by the names under which operations refer to them.</summary>
    public IReadOnlyList<string> Parameters { get; private init; } = [ResponseHeaders.RequestId];

    /// <summary>The body of the request, if it has one.</summary>
    public BodyExample? Body { get; private init; }

    /// <summary>The forms of the answer.</summary>
    public IReadOnlyList<string> MediaTypes { get; private init; } = [Outputs.Json];

    /// <summary>Some answers.</summary>
    public IReadOnlyList<AnswerExample> Answers { get; private init; } = [];

    /// <summary>The errors; the first of a status come first in the contract too.</summary>
    public IReadOnlyList<ErrorExample> Errors { get; private init; } = [];

    /// <summary>Whether the answer is the caller's own.</summary>
    public bool IsOfCaller { get; private init; }

    /// <summary>Whether the answer has a tag, so that it is not sent twice.</summary>
    public bool IsTagged { get; private init; }

    /// <summary>What headers an answer has beside those of every one.</summary>
    public IReadOnlyList<string> HeadersOfAnswer { get; private init; } = [];

    /// <summary>The route of a controller and, where that has several, of an action.</summary>
    public static Route Of(string name) => name switch
    {
        "Analytics" => Analytics,
        "AnalyticsStream" => Stream,
        "AnalyticsTasks" => Tasks,
        "AnalyticsDefinitions" => Definitions,
        "Tasks" => Push,
        "HealthLive" => Anyones with { Answers = Examples.OfLive },
        "HealthReady" => Anyones with { Answers = Examples.OfReady, Errors = ErrorExamples.OfDatabase },
        _ => Anyones,
    };
}
