using System.Globalization;
using Analytics.Domain.Organisations;

namespace Analytics.Domain;

/// <summary>The rules that the fields of a line must satisfy, whatever its format. The first that is broken is the line's reason.</summary>
/// <param name="reason">Why the line is rejected already, if it is.</param>
public sealed class FieldValidator(string? reason = null)
{
    private const int MaxIdLength = 128;
    private const int MaxStringLength = 100;
    private const int MaxNameLength = 255;
    private static readonly TimeSpan MaxFuture = TimeSpan.FromHours(24);

    /// <summary>Why the line is rejected; absent while no rule is broken.</summary>
    public string? Error { get; private set; } = reason;

    /// <summary>The id of what the line is about, once it has proved fit to be shown.</summary>
    public string? RecordId { get; private set; }

    /// <summary>Takes an id that broke no rule as the one to show.</summary>
    public T CaptureId<T>(T id)
    {
        RecordId = Error is null ? $"{id}" : null;
        return id;
    }

    /// <summary>Rejects the line, unless it is already.</summary>
    public void Reject(string reason) => Error ??= reason;

    /// <summary>An id that must be there.</summary>
    public string RequiredId(string field, string? value)
    {
        Require(field, value);
        return OptionalId(field, value);
    }

    /// <summary>An id that may be empty.</summary>
    public string OptionalId(string field, string? value)
    {
        if (value is not null && value.Trim().Length != value.Length)
        {
            Reject($"{field} has blanks around it.");
        }

        return CheckLength(field, value, MaxIdLength);
    }

    /// <summary>A word that must be there.</summary>
    public string RequiredString(string field, string? value)
    {
        Require(field, value);
        return CheckLength(field, value, MaxStringLength);
    }

    /// <summary>A word for which something else stands in when it is absent or blank.</summary>
    public string? OptionalString(string field, string? value) => string.IsNullOrWhiteSpace(value) ? null : CheckLength(field, value, MaxStringLength);

    /// <summary>An agent: blanks around it are cut.</summary>
    public string Agent(string field, string? value) => CheckLength(field, value?.Trim(), MaxIdLength);

    /// <summary>A number that names an organisation or a space.</summary>
    public long NumericId(string field, string? value)
    {
        Require(field, value);
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            Reject($"{field} must be a whole number.");
        }

        return id;
    }

    /// <summary>A name, for people only.</summary>
    public string Name(string field, string? value) => CheckLength(field, value, MaxNameLength);

    /// <summary>A product.</summary>
    public string ProductId(string field, string value)
    {
        if (!Product.IsValid(value))
        {
            Reject($"{field} {Product.ValidationMessage}");
        }

        return value;
    }

    /// <summary>A time that can be believed when it is received.</summary>
    public Timestamp? Time(string field, Timestamp? value, Timestamp receivedAt)
    {
        if (value is { UnixMilliseconds: < 0 })
        {
            Reject($"{field} is before 1970.");
        }
        else if (value > receivedAt + MaxFuture)
        {
            Reject($"{field} is more than 24 h ahead.");
        }

        return value;
    }

    private void Require(string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Reject($"{field} is missing.");
        }
    }

    private string CheckLength(string field, string? value, int maxLength)
    {
        if (value is null)
        {
            return "";
        }

        if (value.Length > maxLength)
        {
            Reject($"{field} is longer than {maxLength} characters.");
        }
        else if (StringRules.HasControlCharacters(value))
        {
            Reject($"{field} has a control character in it.");
        }
        else if (!StringRules.IsValidUtf16(value))
        {
            Reject($"{field} has an unpaired surrogate in it.");
        }

        return value;
    }
}
