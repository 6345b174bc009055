namespace Analytics.Domain.Tests;

internal sealed class FieldValidatorTests
{
    private static readonly Timestamp ReceivedAt = new(1_800_000_000_000);

    [TestCase(null, "id is missing.")]
    [TestCase("   ", "id is missing.")]
    [TestCase(" x", "id has blanks around it.")]
    [TestCase("x\u00A0", "id has blanks around it.")]
    [TestCase("x\ty", "id has a control character in it.")]
    [TestCase("x\u0085y", "id has a control character in it.")]
    [TestCase("x\U0001F600", null)]
    public void Missing_or_malformed_id_is_rejected(string? id, string? expectedError)
    {
        var validator = new FieldValidator();
        validator.RequiredId("id", id);
        Assert.That(validator.Error, Is.EqualTo(expectedError));
    }

    [Test]
    public void Id_with_unpaired_surrogate_is_rejected()
    {
        foreach (var id in new[] { "x\uD800y", "x\uDC00", "\uD83D" })
        {
            var validator = new FieldValidator();
            validator.RequiredId("id", id);
            Assert.That(validator.Error, Is.EqualTo("id has an unpaired surrogate in it."));
        }
    }

    [TestCase(128, false)]
    [TestCase(129, true)]
    public void Id_over_128_characters_is_rejected(int length, bool isRejected)
    {
        var validator = new FieldValidator();
        validator.OptionalId("run_id", new string('x', length));
        Assert.That(validator.Error, Is.EqualTo(isRejected ? "run_id is longer than 128 characters." : null));
    }

    [TestCase(100, false)]
    [TestCase(101, true)]
    public void String_over_100_characters_is_rejected(int length, bool isRejected)
    {
        var validator = new FieldValidator();
        validator.RequiredString("status", new string('x', length));
        Assert.That(validator.Error, Is.EqualTo(isRejected ? "status is longer than 100 characters." : null));
    }

    [Test]
    public void String_is_stored_unchanged_and_agent_is_trimmed()
    {
        var validator = new FieldValidator();
        Assert.That(validator.RequiredString("status", " Completed "), Is.EqualTo(" Completed "));
        Assert.That(validator.Agent("agent", " asha "), Is.EqualTo("asha"));
        Assert.That(validator.Error, Is.Null);
    }

    [TestCase("\t"), TestCase("\tx"), TestCase("x\n"), TestCase("7\0")]
    public void Control_character_is_rejected_where_blanks_are_trimmed_or_missing(string value)
    {
        Action<FieldValidator>[] reads =
        [
            validator => validator.Agent("field", value),
            validator => validator.OptionalString("field", value),
            validator => validator.UserId("field", value, isLiteral: true),
        ];
        foreach (var read in reads)
        {
            var validator = new FieldValidator();
            read(validator);
            Assert.That(validator.Error, Is.EqualTo("field has a control character in it."));
        }
    }

    [TestCase("7", null), TestCase("007", null), TestCase("9223372036854775807", null)]
    [TestCase("9223372036854775808", "id must be a whole number.")]
    [TestCase("7.0", "id must be a whole number."), TestCase("-7", "id must be a whole number.")]
    [TestCase(" 7", "id must be a whole number."), TestCase("7\0", "id has a control character in it.")]
    public void Numeric_id_is_digits_only(string id, string? expectedError)
    {
        var validator = new FieldValidator();
        validator.NumericId("id", id);
        Assert.That(validator.Error, Is.EqualTo(expectedError));
    }

    [TestCase(-1, "created_at is before 1970.")]
    [TestCase(0, null)]
    [TestCase(1_800_000_000_000 + 86_400_000, null)]
    [TestCase(1_800_000_000_000 + 86_400_001, "created_at is more than 24 h ahead.")]
    public void Time_before_1970_or_over_24_hours_ahead_is_rejected(long time, string? expectedError)
    {
        var validator = new FieldValidator();
        validator.Time("created_at", new Timestamp(time), ReceivedAt);
        Assert.That(validator.Error, Is.EqualTo(expectedError));
    }

    [TestCase("unpod.dev", null)]
    [TestCase("", "product_id must be 1-100 ASCII letters, digits, '.', '-' or '_'.")]
    [TestCase("a b", "product_id must be 1-100 ASCII letters, digits, '.', '-' or '_'.")]
    public void Product_id_with_invalid_characters_is_rejected(string product, string? expectedError)
    {
        var validator = new FieldValidator();
        validator.ProductId("product_id", product);
        Assert.That(validator.Error, Is.EqualTo(expectedError));
    }

    [TestCase(255, null)]
    [TestCase(256, "name is longer than 255 characters.")]
    public void Name_over_255_characters_is_rejected(int length, string? expectedError)
    {
        var validator = new FieldValidator();
        validator.Name("name", new string('x', length));
        Assert.That(validator.Error, Is.EqualTo(expectedError));
    }

    [TestCase(null, null)]
    [TestCase("", null)]
    [TestCase("  ", null)]
    [TestCase(" x ", " x ")]
    public void Blank_optional_string_is_null(string? value, string? expected)
    {
        var validator = new FieldValidator();
        Assert.That(validator.OptionalString("label", value), Is.EqualTo(expected));
        Assert.That(validator.Error, Is.Null);
    }

    [TestCase("42", 42, null)]
    [TestCase(null, 0, "id is missing.")]
    [TestCase("-1", 0, "id must be a whole number.")]
    [TestCase("1.5", 0, "id must be a whole number.")]
    [TestCase("9223372036854775808", 0, "id must be a whole number.")]
    public void Numeric_id_is_a_whole_number(string? value, long expected, string? expectedError)
    {
        var validator = new FieldValidator();
        Assert.That(validator.NumericId("id", value), Is.EqualTo(expected));
        Assert.That(validator.Error, Is.EqualTo(expectedError));
    }

    [Test]
    public void Missing_required_string_is_rejected_and_missing_optional_id_is_empty()
    {
        var validator = new FieldValidator();
        Assert.That(validator.OptionalId("run_id", null), Is.Empty);
        Assert.That(validator.Error, Is.Null);
        validator.RequiredString("status", " ");
        Assert.That(validator.Error, Is.EqualTo("status is missing."));
    }

    [Test]
    public void Record_id_is_captured_only_if_no_field_before_it_is_invalid()
    {
        var validator = new FieldValidator();
        Assert.That(validator.CaptureId(42L), Is.EqualTo(42L));
        Assert.That(validator.RecordId, Is.EqualTo("42"));

        var invalid = new FieldValidator("The line is not JSON.");
        invalid.CaptureId("t");
        Assert.That(invalid.RecordId, Is.Null);
        Assert.That(invalid.Error, Is.EqualTo("The line is not JSON."));
    }

    [Test]
    public void First_error_is_reported()
    {
        var validator = new FieldValidator();
        validator.RequiredId("task_id", null);
        validator.RequiredString("status", null);
        Assert.That(validator.Error, Is.EqualTo("task_id is missing."));
    }
}
