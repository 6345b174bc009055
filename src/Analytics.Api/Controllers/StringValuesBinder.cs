using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Primitives;

namespace Analytics.Api.Controllers;

/// <summary>Binds a query parameter to all of its values as they came: MVC's own binder keeps the first of two and drops blanks.</summary>
internal sealed class StringValuesBinder : IModelBinder, IModelBinderProvider
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        bindingContext.Result = ModelBindingResult.Success(bindingContext.HttpContext.Request.Query[bindingContext.FieldName]);
        return Task.CompletedTask;
    }

    public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
        context.Metadata.ModelType == typeof(StringValues) ? this : null;
}
