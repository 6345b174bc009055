using Analytics.Application.Requests;

namespace Analytics.Application.Reporting.Parsing;

/// <summary>The parameters of a page of a list without filters.</summary>
/// <param name="Limit">The maximum number of rows.</param>
/// <param name="After">The row that the page starts after; null for the first page.</param>
internal sealed record PageParameters<TPosition>(int Limit, TPosition? After)
    where TPosition : class;

internal static class PageParameters
{
    public static ParseResult<PageParameters<TPosition>> Parse<TPosition>(
        RawQuery query, IReadOnlyList<RequestParameter> known, Func<string, TPosition?> tryParseCursor)
        where TPosition : class
    {
        var reader = new QueryParameterReader(query);
        reader.RejectUnknown(known);
        return reader.ToResult(new PageParameters<TPosition>(reader.ParseLimit(), reader.ParseCursor(tryParseCursor)));
    }
}
