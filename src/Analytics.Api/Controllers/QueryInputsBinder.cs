using Analytics.Application.Pipeline;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;

namespace Analytics.Api.Controllers;

/// <summary>Binds the query as it came: MVC's own binder keeps the first of two values, drops blanks and takes names in any case.</summary>
internal sealed class QueryInputsBinder : IModelBinder, IModelBinderProvider
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        bindingContext.Result = ModelBindingResult.Success(Read(bindingContext.HttpContext.Request.QueryString));
        return Task.CompletedTask;
    }

    public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
        context.Metadata.ModelType == typeof(QueryInputs) ? this : null;

    private static QueryInputs Read(QueryString query)
    {
        if (!query.HasValue)
        {
            return QueryInputs.None;
        }

        var pairs = new List<(string, string)>();
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            pairs.Add((pair.DecodeName().ToString(), pair.DecodeValue().ToString()));
        }

        return new QueryInputs(pairs, query.Value);
    }
}
