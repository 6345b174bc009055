namespace Analytics.Application.Analytics.ListTasks;

/// <summary>How one database engine asks for the first tasks of a list: engines differ in how a statement says that it wants no more.</summary>
public interface ITaskPages
{
    /// <summary>The statement of <see cref="ListTasksSql"/> that ends after <c>@Limit</c> tasks.</summary>
    string Statement(AccessPath path);
}
