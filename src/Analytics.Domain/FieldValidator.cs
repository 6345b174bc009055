using System.Globalization;
using Analytics.Domain.Organisations;

namespace Analytics.Domain;

/// <summary>Validates the fields of one input line, whatever its format, and records the first error.</summary>
public sealed class FieldValidator(string? error = null)
{
    public const int MaxIdLength = 128;
    public const int MaxStringLength = 100;
    public const int MaxNameLength = 255;

    private static readonly TimeSpan MaxFuture = TimeSpan.FromHours(24);

    public string? Error { get; private set; } = error;

    /// <summary>The id of the record that the line describes; null if the id itself is invalid, which must not be echoed.</summary>
    public string? RecordId { get; private set; }

    public T CaptureId<T>(T id)
    {
        RecordId = Error is null ? $"{id}" : null;
        return id;
    }

    public void Reject(string error) => Error ??= error;

    public string RequiredId(string field, string? value)
    {
        Require(field, value);
        return OptionalId(field, value);
    }

    public string OptionalId(string field, string? value)
    {
        if (value is not null && value.Trim().Length != value.Length)
        {
            Reject($"{field} has blanks around it.");
        }

        return CheckLength(field, value, MaxIdLength);
    }

    public string RequiredString(string field, string? value)
    {
        Require(field, value);
        return CheckLength(field, value, MaxStringLength);
    }

    public string? OptionalString(string field, string? value)
    {
        var text = CheckLength(field, value, MaxStringLength);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    public string Agent(string field, string? value)
    {
        // Before trimming, which also removes control characters such as tabs.
        RejectControlCharacters(field, value ?? "");
        return CheckLength(field, value?.Trim(), MaxIdLength);
    }

    public long NumericId(string field, string? value)
    {
        Require(field, value);
        RejectControlCharacters(field, value ?? "");
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            Reject($"{field} must be a whole number.");
        }

        return id;
    }

    /// <summary>Trims the blanks. An id that looks altered is valid only if the caller says that ids are literal.</summary>
    public string UserId(string field, string? value, bool isLiteral)
    {
        RejectControlCharacters(field, value ?? "");
        var userId = value?.Trim() ?? "";
        if (!Organisations.UserId.IsValid(userId))
        {
            Reject($"{field} {Organisations.UserId.ValidationMessage}");
        }
        else if (!isLiteral && Organisations.UserId.LooksAltered(userId))
        {
            Reject($"{field} looks changed by a spreadsheet or a script, like 7.0, 1.23E+15 or nan: correct the file, or give --literal-ids.");
        }

        return userId;
    }

    public string Name(string field, string? value) => CheckLength(field, value, MaxNameLength);

    public string ProductId(string field, string value)
    {
        if (!Product.IsValid(value))
        {
            Reject($"{field} {Product.ValidationMessage}");
        }

        return value;
    }

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

        RejectControlCharacters(field, value);
        if (!StringRules.IsValidUtf16(value))
        {
            Reject($"{field} has an unpaired surrogate in it.");
        }

        return value;
    }

    private void RejectControlCharacters(string field, string value)
    {
        if (StringRules.HasControlCharacters(value))
        {
            Reject($"{field} has a control character in it.");
        }
    }
}
