using Analytics.Api.Controllers;
using Analytics.Api.Errors;
using Analytics.Api.Live;
using Analytics.Application.Analytics.GetAnalytics;
using Analytics.Application.Analytics.Planning;
using Analytics.Application.Demo;
using Analytics.Application.Organisations;
using Analytics.Application.Pipeline;
using FluentValidation;
using Microsoft.Extensions.Primitives;

namespace Analytics.Api.Documentation;

/// <summary>An error that an operation can answer with.</summary>
/// <param name="Name">Its name among the examples of its status.</param>
/// <param name="When">When it happens.</param>
/// <param name="Body">What is then answered.</param>
internal sealed record ErrorExample(string Name, string When, ApiError Body);

/// <summary>What operations answer. The errors come from where the service takes them, so that no message is typed twice.</summary>
internal static class Examples
{
    private static readonly OrganisationScope Scope = new(DemoData.UserId, DemoData.Handle, StringValues.Empty, []);

    private static readonly ErrorExample[] OfOrganisation =
    [
        new("OrgHandleMissing", "Org-Handle is missing or blank", Refusal(Scope with { OrgHandle = StringValues.Empty })),
        new("ProductIdInvalid", "Product-Id breaks its rule", Refusal(Scope with { ProductId = "unpod dev" })),
        new("CredentialsMissing", "No Authorization, or another scheme", ErrorTable.CredentialsMissing),
        new("TokenInvalid", "The token is malformed, wrongly signed, expired or names no user", ErrorTable.TokenInvalid),
        new("OrganizationNotFound", "The handle is unknown, the organization not active, or you are not a member", ErrorTable.Of(new OrganisationNotFoundException())),
    ];

    private static readonly ErrorExample[] OfSpace =
    [
        new("SpaceTokenInvalid", "space_token breaks its rule", Refusal(Scope, (InputNames.SpaceToken, "F1O3-QJM1"))),
        new("SpaceTokenRepeated", "space_token is given twice", Refusal(Scope, (InputNames.SpaceToken, DemoData.SpaceToken), (InputNames.SpaceToken, DemoData.SpaceToken))),
        new("SpaceNotFound", "The space is unknown, of another organization or content type, or not active", ErrorTable.Of(new SpaceNotFoundException())),
    ];

    private static readonly ErrorExample[] OfStream = [new("TooManyStreams", $"You have {StreamLimits.MostOfACaller} streams already", ErrorTable.TooManyRequests)];

    private static readonly ErrorExample Defect = new("Defect", "A defect of ours", ErrorTable.Of(StatusCodes.Status500InternalServerError));

    private static readonly ErrorExample[] OfDatabase = [new("Unavailable", "The database is away or too slow", ErrorTable.Unavailable)];

    /// <summary>The errors of an operation; the first of a status come first in the contract too.</summary>
    public static IEnumerable<ErrorExample> ErrorsOf(bool isOfOrganisation, bool isOfSpace, bool isStream, bool asksDatabase) =>
        [.. isOfOrganisation ? OfOrganisation : [], .. isStream ? OfStream : [], .. isOfSpace ? OfSpace : [], .. asksDatabase ? OfDatabase : [], Defect];

    /// <summary>The answer of an operation when all goes well.</summary>
    public static object? AnswerOf(string operationId) => operationId switch
    {
        "getAnalytics" => Documented,
        "getHealthLive" => new Controllers.Health { Status = "live" },
        "getHealthReady" => new Controllers.Health { Status = "ready" },
        _ => null,
    };

    private static Answer<GetAnalyticsResponse> Documented { get; } = new()
    {
        StatusCode = StatusCodes.Status200OK,
        Message = AnalyticsController.Fetched,
        Data = new GetAnalyticsResponse
        {
            CallAnalytics = new CallAnalytics
            {
                TotalCalls = 419,
                Interested = 77,
                CallBack = 13,
                SendDetails = 1,
                NotInterested = 20,
                NotConnected = 35,
                Failed = 200,
                AvgSuccessScore = 467,
            },
            CallStatus = new CallStatus
            {
                TotalTasks = 419,
                Completed = 302,
                Failed = 109,
                Pending = 2,
                InProgress = 1,
                SuccessRate = 72.08m,
            },
        },
    };

    private static ApiError Refusal(OrganisationScope scope, params IEnumerable<(string Name, string Value)> inputs)
    {
        var query = new GetAnalyticsQuery(scope, new QueryInputs(inputs), Slot.Now(TimeProvider.System));
        return ErrorTable.Of(new ValidationException([.. new OrganisationScopeValidator().Validate(query).Errors, .. new GetAnalyticsValidator().Validate(query).Errors]));
    }
}
