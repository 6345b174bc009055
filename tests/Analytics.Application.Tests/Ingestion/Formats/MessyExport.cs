using System.Text;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Tests.Ingestion.Formats;

/// <summary>One line of a messy export, and what must become of it.</summary>
/// <param name="Name">What is messy about it.</param>
/// <param name="Text">The line.</param>
/// <param name="Expected">The task; absent where the line is rejected.</param>
/// <param name="Reason">Why it is rejected.</param>
internal sealed record ExportLine(string Name, string Text, TaskContent? Expected, string? Reason)
{
    public override string ToString() => Name;
}

/// <summary>
/// Lines as <c>mongoexport</c> writes them, with everything in them that a document store lets in. Each case replaces one
/// field of a good document and says, by hand, what must become of the task.
/// </summary>
internal static class MessyExport
{
    public const long OrganisationId = 5;
    public const long ContactSpace = 71;
    public const string PersonalName = "Zebulon Quixote";
    public const string PersonalNumber = "+15550199882";

    /// <summary>2026-11-20T10:00:00Z.</summary>
    public static readonly Timestamp ReceivedAt = new(1_795_168_800_000);

    /// <summary>2026-11-01T08:30:00.250Z.</summary>
    public static readonly Timestamp CreatedAt = new(1_793_521_800_250);

    /// <summary>The time in the ObjectId 69050000….</summary>
    private static readonly Timestamp ObjectIdTime = new(0x69050000L * 1000);

    private static readonly string[] Missing = ["null", "", "{}", "[]", "true", "17", "{\"a\":1}"];

    private static readonly Dictionary<string, string> GoodDocument = new(StringComparer.Ordinal)
    {
        ["_id"] = """{"$oid":"690500001234567890abcdef"}""",
        ["task_id"] = "\"T1\"",
        ["run_id"] = "\"R1\"",
        ["space_id"] = "\"71\"",
        ["user_org_id"] = "\"5\"",
        ["assignee"] = "\"asha\"",
        ["execution_type"] = "\"call\"",
        ["status"] = "\"completed\"",
        ["created"] = "\"2026-11-01T08:30:00.250Z\"",
        ["modified"] = """{"$date":"2026-11-01T09:00:00Z"}""",
        ["scheduled_timestamp"] = "1793521800",
        ["retry_attempt"] = "0",
        ["input"] = $$"""{"name":"{{PersonalName}}","contact_number":"{{PersonalNumber}}"}""",
    };

    private static readonly Dictionary<string, string> GoodOutput = new(StringComparer.Ordinal)
    {
        ["call_type"] = "\"outboundPhoneCall\"",
        ["duration"] = "61.5",
        ["cost"] = "0.02",
        ["transcript"] = """[{"role":"user","content":"hello"}]""",
        ["post_call_data"] = """{"summary":{"status":"Interested","text":"…"},"success_evaluator":"7"}""",
    };

    private static readonly TaskContent Good = new()
    {
        SpaceId = ContactSpace,
        ProductId = "unpod.dev",
        RunId = "R1",
        Agent = "asha",
        Direction = Direction.Outbound,
        ExecutionType = "call",
        Status = "completed",
        Label = "Interested",
        Outcome = Outcome.Interested,
        SuccessScore = 700,
        Duration = 61_500,
        CreatedAt = CreatedAt,
    };

    public static IReadOnlyList<ExportLine> Lines { get; } =
    [
        .. Whole(), .. Ids(), .. Spaces(), .. Words(), .. Times(), .. Durations(), .. Scores(), .. Labels(), .. Directions(), .. Optional(),
    ];

    private static IEnumerable<ExportLine> Whole()
    {
        yield return Is("a good document", Document(), Good);
        yield return Is("canonical numbers", WithOutput("duration", """{"$numberDouble":"61.5"}"""), Good);
        yield return Is("a byte order of keys that differs", "{" + string.Join(",", GoodDocument.Append(new("output", Output())).Reverse().Select(Field)) + "}", Good);
        yield return Is("blanks around", "  " + Document() + " \r", Good);
        yield return Is("a key twice, of which the last counts", Document().Insert(1, "\"status\":\"failed\","), Good);
        yield return Is("an unknown key with an unpaired surrogate", Document().Insert(1, "\"\\ud800\":1,"), Good);
        yield return Is("a key with an unpaired surrogate in the way of a missing one", With("run_id", "").Insert(1, "\"\\ud800aaaaaaaaaaaaaaaa\":1,"), Good with { RunId = "" });
        yield return Is("nesting as deep as a document store allows", With("input", new string('[', 100) + new string(']', 100)), Good);
        yield return Is("personal data that break every rule", With("input", "{\"name\":\"\\ud800\\u0000\",\"contact_number\":[[[]]]}"), Good);
        yield return No("an array", "[" + Document() + "]", "The line is not a JSON object: each line must hold one task.");
        yield return No("a number", "17", "The line is not a JSON object: each line must hold one task.");
        yield return No("half a document", Document()[..50], "The line is not JSON.");
        yield return No("two documents", Document() + Document(), "The line is not JSON.");
        yield return No("a shell document", "{ _id: ObjectId('690500001234567890abcdef') }", "The line is not JSON.");
        yield return No("broken UTF-8", Document().Replace("asha", "as\uFFFFha", StringComparison.Ordinal), "The line is not UTF-8.");
    }

    private static IEnumerable<ExportLine> Ids()
    {
        foreach (var missing in Missing.Append("\"\"").Append("\"  \""))
        {
            yield return No($"task_id is {missing}", With("task_id", missing), "task_id is missing.");
        }

        yield return No("task_id with blanks", With("task_id", "\" T1\""), "task_id has blanks around it.");
        yield return No("task_id too long", With("task_id", $"\"{new string('T', 129)}\""), "task_id is longer than 128 characters.");
        yield return No("task_id with a line end", With("task_id", "\"T\\n1\""), "task_id has a control character in it.");
        yield return No("task_id with half a pair", With("task_id", "\"T\\ud83d\""), "task_id has an unpaired surrogate in it.");
        yield return No("run_id with blanks", With("run_id", "\"R1 \""), "run_id has blanks around it.");
        yield return No("run_id too long", With("run_id", $"\"{new string('R', 129)}\""), "run_id is longer than 128 characters.");
        yield return No("agent too long", With("assignee", $"\"{new string('a', 129)}\""), "assignee is longer than 128 characters.");
        yield return No("agent with DEL", With("assignee", "\"a\\u007f\""), "assignee has a control character in it.");
        yield return Is("agent with blanks", With("assignee", "\"  asha \""), Good);
        yield return Is("agent of blanks", With("assignee", "\"   \""), Good with { Agent = "" });
        yield return Is("run_id as long as can be", With("run_id", $"\"{new string('R', 128)}\""), Good with { RunId = new string('R', 128) });
        yield return Is("an emoji agent", With("assignee", "\"\\ud83d\\ude00\""), Good with { Agent = "\U0001F600" });
    }

    private static IEnumerable<ExportLine> Spaces()
    {
        foreach (var missing in Missing.Append("\"\""))
        {
            yield return No($"space_id is {missing}", With("space_id", missing), "space_id is missing.");
        }

        foreach (var unknown in new[] { "72", "0", "-71", "071", "71.0", "seventy-one", "\\u0667\\u0661" })
        {
            yield return No($"space_id is \"{unknown}\"", With("space_id", $"\"{unknown}\""), "space_id names no known space: import its space first.");
        }

        yield return No("space_id with blanks", With("space_id", "\"71 \""), "space_id has blanks around it.");
        foreach (var same in new[] { "\"5\"", "5", """{"$numberInt":"5"}""", """{"$numberLong":"5"}""", "5.0" })
        {
            yield return Is($"user_org_id is {same}", With("user_org_id", same), Good);
        }

        foreach (var missing in new[] { "null", "", "{}", "[]", "true", "\"\"" })
        {
            yield return Is($"user_org_id is {missing}", With("user_org_id", missing), Good);
        }

        foreach (var other in new[] { "\"6\"", "6", """{"$numberLong":"6"}""", "\"five\"", "5.5" })
        {
            yield return No($"user_org_id is {other}", With("user_org_id", other), "user_org_id is not the organisation of the space that space_id names.");
        }
    }

    private static IEnumerable<ExportLine> Words()
    {
        foreach (var missing in Missing.Append("\" \""))
        {
            yield return No($"status is {missing}", With("status", missing), "status is missing.");
        }

        foreach (var (status, outcome) in new[] { ("failed", Outcome.Failed), (" Failed", Outcome.Failed), ("hold", Outcome.Other), ("partially_completed", Outcome.Other), ("pending", Outcome.Other) })
        {
            yield return Is($"status {status} without a label", Document(("status", $"\"{status}\""), ("output", "null")), Bare(status) with { Outcome = outcome });
        }

        yield return No("status too long", With("status", $"\"{new string('s', 101)}\""), "status is longer than 100 characters.");
        yield return No("status with a control character", With("status", "\"comp\\u0000leted\""), "status has a control character in it.");
        yield return Is("status kept as given", With("status", "\" COMPLETED \""), Good with { Status = " COMPLETED " });

        foreach (var missing in Missing.Append("\"\"").Append("\" \""))
        {
            yield return Is($"execution_type is {missing}: a call", With("execution_type", missing), Good);
        }

        yield return Is("execution_type kept as given", With("execution_type", "\" CALL\""), Good with { ExecutionType = " CALL" });
        yield return Is("an email is neither judged, scored nor timed", With("execution_type", "\"email\""),
            Good with { ExecutionType = "email", Outcome = null, SuccessScore = null, Duration = null });
        yield return No("execution_type too long", With("execution_type", $"\"{new string('e', 101)}\""), "execution_type is longer than 100 characters.");
    }

    private static IEnumerable<ExportLine> Times()
    {
        foreach (var same in new[]
        {
            """{"$date":"2026-11-01T08:30:00.250Z"}""", """{"$date":{"$numberLong":"1793521800250"}}""", "\"2026-11-01T08:30:00.25\"", "\"2026-11-01 08:30:00.250\"",
            "\"2026-11-01T14:00:00.250+05:30\"", "\"2026-11-01T08:30:00.250+0000\"", "\"2026-11-01T08:30:00.250999Z\"", "\"2026-11-01T08:30:00.250123456Z\"", "\"2026-11-01T08:30:00.250123456789+00:00\"",
        })
        {
            yield return Is($"created is {same}", With("created", same), Good);
        }

        yield return Is("created without seconds", With("created", "\"2026-11-01T08:30Z\""), Good with { CreatedAt = new Timestamp(1_793_521_800_000) });
        yield return Is("created as a date", With("created", "\"2026-11-01\""), Good with { CreatedAt = new Timestamp(1_793_491_200_000) });

        foreach (var missing in Missing.Append("\"\"").Append("\"yesterday\"").Append("\"01/11/2026\"").Append("\"2026-13-01T00:00:00Z\"").Append("\"10:30\"")
            .Append("""{"$date":null}""").Append("""{"$date":{"$numberLong":"soon"}}""").Append("""{"$date":{"$numberLong":17}}"""))
        {
            yield return Is($"created is {missing}: the time in the ObjectId", With("created", missing), Good with { CreatedAt = ObjectIdTime });
        }

        foreach (var id in new[] { "null", "\"690500001234567890abcdef\"", """{"$oid":"6905"}""", """{"$oid":"zz0500001234567890abcdef"}""", """{"$oid":17}""", "" })
        {
            yield return Is($"no created, and _id is {id}: the time of receipt", Document(("created", "null"), ("_id", id)), Good with { CreatedAt = ReceivedAt });
        }

        yield return No("created before 1970", With("created", "\"1969-12-31T23:59:59.999Z\""), "created is before 1970.");
        yield return No("created before 1970, canonical", With("created", """{"$date":{"$numberLong":"-1"}}"""), "created is before 1970.");
        yield return Is("created in 1970", With("created", "\"1970-01-01T00:00:00Z\""), Good with { CreatedAt = new Timestamp(0) });
        yield return No("created far ahead", With("created", """{"$date":{"$numberLong":"9223372036854775807"}}"""), "created is more than 24 h ahead.");
        yield return No("modified far ahead", With("modified", "\"2026-11-21T10:00:00.001Z\""), "modified is more than 24 h ahead.");
        yield return Is("modified a day ahead", With("modified", "\"2026-11-21T10:00:00Z\""), Good);
    }

    private static IEnumerable<ExportLine> Durations()
    {
        foreach (var (given, milliseconds) in new (string, long)[]
        {
            ("0", 0), ("-0.0", 0), ("\"61.5\"", 61_500), ("\" 61.5 \"", 61_500), ("\"6.15e1\"", 61_500), ("61", 61_000), ("0.0005", 1), ("0.00049", 0), ("1000000000", 1_000_000_000_000),
            ("""{"$numberInt":"61"}""", 61_000), ("""{"$numberLong":"61"}""", 61_000), ("""{"$numberDecimal":"61.5"}""", 61_500),
        })
        {
            yield return Is($"duration {given}", WithOutput("duration", given), Good with { Duration = milliseconds });
        }

        foreach (var missing in new[] { "null", "", "{}", "[]", "true", "\"\"", "\"00:01:01\"", "\"NaN\"", """{"$numberDouble":"NaN"}""", """{"$numberDouble":"Infinity"}""", "-1", "-0.001", "1000000000.001", "1e400", "\"61,5\"", "\"a minute\"" })
        {
            yield return Is($"duration {missing}: not timed", WithOutput("duration", missing), Good with { Duration = null });
        }
    }

    private static IEnumerable<ExportLine> Scores()
    {
        foreach (var (given, hundredths) in new (string, int)[]
        {
            ("1", 100), ("10", 1000), ("\"10\"", 1000), ("7.25", 725), ("7.255", 726), ("\"7.254999\"", 725), ("""{"$numberDouble":"8.5"}""", 850), ("""{"$numberInt":"8"}""", 800), ("9.999", 1000),
        })
        {
            yield return Is($"score {given}", WithPostCall($$"""{"summary":{"status":"Interested"},"success_evaluator":{{given}}}"""), Good with { SuccessScore = hundredths });
        }

        foreach (var none in new[] { "null", "\"\"", "\"high\"", "0", "0.99", "10.01", "-7", "70", "true", "[7]", "{\"score\":7}", "1e400" })
        {
            yield return Is($"score {none}: not scored", WithPostCall($$"""{"summary":{"status":"Interested"},"success_evaluator":{{none}}}"""), Good with { SuccessScore = null });
        }

        foreach (var transcript in new[] { "null", "", "[]", "\"\"", "{}", "17", "true", "{\"role\":\"user\"}" })
        {
            yield return Is($"transcript {transcript}: not scored", WithOutput("transcript", transcript), Good with { SuccessScore = null });
        }

        yield return Is("a transcript of text", WithOutput("transcript", "\"hello\""), Good);
        yield return Is("a transcript of an empty turn", WithOutput("transcript", "[{}]"), Good);
    }

    private static IEnumerable<ExportLine> Labels()
    {
        foreach (var (label, outcome) in new[]
        {
            ("InterestedIn", Outcome.Interested), ("call_back", Outcome.CallBack), (" CALL BACK", Outcome.CallBack), ("Send Details", Outcome.SendDetails), ("not_interested", Outcome.NotInterested),
            ("Not Connected", Outcome.NotConnected), ("Error", Outcome.Failed), ("unknown", Outcome.Failed), ("FAILED", Outcome.Failed), ("Voicemail", Outcome.Other), ("Wrong_Number", Outcome.Other), ("Интересно", Outcome.Other),
        })
        {
            yield return Is($"label {label}", WithPostCall($$"""{"summary":{"status":"{{label}}"},"success_evaluator":7}"""), Good with { Label = label, Outcome = outcome });
        }

        foreach (var postCall in new[] { "null", "", "[]", "\"Interested\"", "{}", """{"summary":null}""", """{"summary":"Interested"}""", """{"summary":[{"status":"Interested"}]}""", """{"summary":{"status":null}}""", """{"summary":{"status":1}}""", """{"summary":{"status":""}}""" })
        {
            yield return Is($"post_call_data {postCall}: no label", WithPostCall(postCall), Good with { Label = null, Outcome = Outcome.Failed, SuccessScore = null });
        }

        yield return No("label too long", WithPostCall($$$"""{"summary":{"status":"{{{new string('x', 101)}}}"}}"""), "output.post_call_data.summary.status is longer than 100 characters.");
        yield return No("label with a line end", WithPostCall("""{"summary":{"status":"Call\nBack"}}"""), "output.post_call_data.summary.status has a control character in it.");
    }

    private static IEnumerable<ExportLine> Directions()
    {
        foreach (var (given, direction) in new[]
        {
            ("\"inbound\"", Direction.Inbound), ("\"inboundPhoneCall\"", Direction.Inbound), ("\"outbound\"", Direction.Outbound), ("\"webCall\"", Direction.None),
            ("\"Inbound\"", Direction.None), ("\"\"", Direction.None), ("null", Direction.None), ("", Direction.None), ("7", Direction.None),
        })
        {
            yield return Is($"call_type {given}", WithOutput("call_type", given), Good with { Direction = direction });
        }
    }

    private static IEnumerable<ExportLine> Optional()
    {
        foreach (var missing in Missing)
        {
            yield return Is($"run_id is {missing}", With("run_id", missing), Good with { RunId = "" });
            yield return Is($"assignee is {missing}", With("assignee", missing), Good with { Agent = "" });
            yield return Is($"output is {missing}", With("output", missing), Bare("completed"));
            yield return Is($"input is {missing}", With("input", missing), Good);
        }
    }

    private static TaskContent Bare(string status) =>
        Good with { Status = status, Direction = Direction.None, Label = null, Outcome = Outcome.Failed, SuccessScore = null, Duration = null };

    private static ExportLine Is(string name, string text, TaskContent expected) => new(name, text, expected, null);

    private static ExportLine No(string name, string text, string reason) => new(name, text, null, reason);

    private static string With(string field, string value) => Document((field, value));

    private static string WithOutput(string field, string value) => Document(("output", Output((field, value))));

    private static string WithPostCall(string value) => WithOutput("post_call_data", value);

    private static string Output(params (string Field, string Value)[] changes) => Json(GoodOutput, changes);

    private static string Document(params (string Field, string Value)[] changes) =>
        Json(GoodDocument, changes.Any(change => change.Field == "output") ? changes : [.. changes, ("output", Output())]);

    /// <summary>An empty value leaves the field out.</summary>
    private static string Json(Dictionary<string, string> fields, (string Field, string Value)[] changes)
    {
        var changed = new Dictionary<string, string>(fields, StringComparer.Ordinal);
        foreach (var (field, value) in changes)
        {
            changed[field] = value;
        }

        return "{" + string.Join(",", changed.Where(field => field.Value.Length > 0).Select(Field)) + "}";
    }

    private static string Field(KeyValuePair<string, string> field) => $"\"{field.Key}\":{field.Value}";

    /// <summary>The bytes of a line; U+FFFF stands for a byte that is not UTF-8.</summary>
    public static byte[] Bytes(string text) =>
        [.. Encoding.UTF8.GetBytes(text).Select((value, i) => (value, i)).Select(pair => text.Contains('\uFFFF', StringComparison.Ordinal) && pair.value == 0xEF ? (byte)0xFF : pair.value)];
}
