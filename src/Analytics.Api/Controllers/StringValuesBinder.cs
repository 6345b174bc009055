using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Analytics.Api.Controllers;

/// <summary>Binds a query parameter to all of its values as they came: MVC's own binder keeps the first of two, drops blanks and
/// takes names in any case.</summary>
internal sealed class StringValuesBinder : IModelBinder, IModelBinderProvider
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var values = new List<string?>();
        foreach (var pair in new QueryStringEnumerable(bindingContext.HttpContext.Request.QueryString.Value))
        {
            if (pair.DecodeName().Span.SequenceEqual(bindingContext.FieldName))
            {
                values.Add(pair.DecodeValue().ToString());
            }
        }

        bindingContext.Result = ModelBindingResult.Success(new StringValues([.. values]));
        return Task.CompletedTask;
    }

    public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
        context.Metadata.ModelType == typeof(StringValues) ? this : null;
}
