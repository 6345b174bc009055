using System.Text.Json.Serialization.Metadata;
using Analytics.Api.Controllers;
using Analytics.Application.Ingestion.PushTasks;
using Analytics.Application.Reporting.GetAnalytics;
using Analytics.Application.Reporting.GetDefinitions;
using Analytics.Application.Reporting.ListOrganisations;
using Analytics.Application.Reporting.ListSpaces;
using Analytics.Application.Reporting.ListTasks;
using Microsoft.AspNetCore.OpenApi;

namespace Analytics.Api.OpenApi;

/// <summary>
/// The names of schemas, which are those of the classes of generated clients. Not <c>Task</c> or <c>Components</c>, for example:
/// they would hide types of the language or of the client.
/// </summary>
internal static class SchemaNames
{
    public const string PushedTask = "PushedTask";
    public const string QueryMeta = "QueryMeta";

    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(ApiResponse<GetAnalyticsResponse>)] = "AnalyticsResponse",
        [typeof(GetAnalyticsResponse)] = "AnalyticsData",
        [typeof(ComparisonResult)] = "Comparison",
        [typeof(Components)] = "AverageComponents",
        [typeof(Meta)] = QueryMeta,
        [typeof(ApiResponse<ListTasksResponse>)] = "TaskListResponse",
        [typeof(ListTasksResponse)] = "TaskPage",
        [typeof(ApiResponse<ListOrganisationsResponse>)] = "OrganisationListResponse",
        [typeof(ListOrganisationsResponse)] = "OrganisationPage",
        [typeof(ApiResponse<ListSpacesResponse>)] = "SpaceListResponse",
        [typeof(ListSpacesResponse)] = "SpacePage",
        [typeof(ApiResponse<PushTasksResponse>)] = "PushResponse",
        [typeof(PushTasksResponse)] = "PushResult",
        [typeof(ApiResponse<DefinitionsResponse>)] = "DefinitionsResponse",
        [typeof(DefinitionsResponse)] = "DefinitionList",
        [typeof(Definition)] = "MetricDefinition",
    };

    public static string? Get(JsonTypeInfo type) =>
        Names.GetValueOrDefault(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
}
