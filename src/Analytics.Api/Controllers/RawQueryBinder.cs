using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;

namespace Analytics.Api.Controllers;

/// <summary>
/// Binds the query as the client sent it. MVC's own binder uses the first of two values, drops blank ones, and ignores the
/// case of names.
/// </summary>
internal sealed class RawQueryBinder : IModelBinder, IModelBinderProvider
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        bindingContext.Result = ModelBindingResult.Success(Parse(bindingContext.HttpContext.Request.QueryString));
        return Task.CompletedTask;
    }

    public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
        context.Metadata.ModelType == typeof(RawQuery) ? this : null;

    public static RawQuery Parse(QueryString query)
    {
        if (!query.HasValue)
        {
            return RawQuery.Empty;
        }

        var pairs = new List<(string, string)>();
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            pairs.Add((pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return new RawQuery(pairs, query.Value);
    }
}
