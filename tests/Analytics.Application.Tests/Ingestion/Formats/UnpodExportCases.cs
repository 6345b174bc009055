using System.Text;
using Analytics.Domain;
using Analytics.Domain.Tasks;

namespace Analytics.Application.Tests.Ingestion.Formats;

/// <summary>An exported line and its expected result: a task, or the reason why it is rejected.</summary>
internal sealed record UnpodExportCase(string Name, string Text, TaskContent? Expected, string? Reason)
{
    public override string ToString() => Name;
}

/// <summary>
/// Lines as <c>mongoexport</c> writes them, with any value that MongoDB accepts. Each case replaces one field of a valid document
/// and states the expected task by hand.
/// </summary>
internal static class UnpodExportCases
{
    public const long OrganisationId = 5;
    public const long ContactSpaceId = 71;
    public const string PersonalName = "Zebulon Quixote";
    public const string PersonalNumber = "+15550199882";

    // 2026-11-20T10:00:00Z
    public static readonly Timestamp ReceivedAt = new(1_795_168_800_000);

    // 2026-11-01T08:30:00.250Z
    public static readonly Timestamp CreatedAt = new(1_793_521_800_250);

    // The time in the ObjectId 69050000…
    private static readonly Timestamp ObjectIdTime = new(0x69050000L * 1000);

    private static readonly string[] AbsentValues = ["null", ""];

    private static readonly string[] ValuesOfOtherTypes = ["{}", "[]", "true", "17", "{\"a\":1}"];

    private static readonly string[] MissingValues = [.. AbsentValues, .. ValuesOfOtherTypes];

    private static readonly Dictionary<string, string> ValidDocument = new(StringComparer.Ordinal)
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

    private static readonly Dictionary<string, string> ValidOutput = new(StringComparer.Ordinal)
    {
        ["call_type"] = "\"outboundPhoneCall\"",
        ["duration"] = "61.5",
        ["cost"] = "0.02",
        ["transcript"] = """[{"role":"user","content":"hello"}]""",
        ["post_call_data"] = """{"summary":{"status":"Interested","text":"…"},"success_evaluator":"7"}""",
    };

    private static readonly TaskContent ValidTask = new()
    {
        SpaceId = ContactSpaceId,
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

    public static IReadOnlyList<UnpodExportCase> Cases { get; } =
    [
        .. GetDocumentCases(), .. GetIdCases(), .. GetSpaceCases(), .. GetStringCases(), .. GetTimeCases(), .. GetDurationCases(),
        .. GetTimedCases(),
        .. GetScoreCases(), .. GetLabelCases(), .. GetDirectionCases(), .. GetOptionalFieldCases(),
    ];

    private static IEnumerable<UnpodExportCase> GetDocumentCases()
    {
        yield return Accepted("a valid document", CreateDocument(), ValidTask);
        yield return Accepted("canonical numbers", WithOutputField("duration", """{"$numberDouble":"61.5"}"""), ValidTask);
        yield return Accepted("a byte order of keys that differs",
            "{" + string.Join(",", ValidDocument.Append(new("output", CreateOutput())).Reverse().Select(FormatField)) + "}", ValidTask);
        yield return Accepted("blanks around", "  " + CreateDocument() + " \r", ValidTask);
        yield return Rejected("a key twice", CreateDocument().Insert(1, "\"status\":\"failed\","), "status is given twice.");
        yield return Rejected("an unknown key twice", CreateDocument().Insert(1, $"\"{PersonalName}\":1,\"{PersonalName}\":2,"),
            "A key of the line is given twice.");
        yield return Rejected("a key of output twice", WithField("output", "{\"duration\":1,\"duration\":2}"),
            "output.duration is given twice.");
        yield return Rejected("a label twice", WithPostCall("""{"summary":{"status":"Error","status":"Interested"}}"""),
            "output.post_call_data.summary.status is given twice.");
        yield return Rejected("a key of input twice", WithField("input", $$"""{"{{PersonalName}}":1,"{{PersonalName}}":2}"""),
            "A key of input is given twice.");
        yield return Rejected("a byte order mark in the middle", "\uFEFF" + CreateDocument(),
            "The line begins with a byte order mark, as where files were joined: remove it.");
        yield return Accepted("an unknown key with an unpaired surrogate", CreateDocument().Insert(1, "\"\\ud800\":1,"), ValidTask);
        yield return Accepted("a key with an unpaired surrogate before a missing one",
            WithField("run_id", "").Insert(1, "\"\\ud800aaaaaaaaaaaaaaaa\":1,"), ValidTask with { RunId = "" });
        yield return Accepted(
            "nesting as deep as a document store allows", WithField("input", new string('[', 100) + new string(']', 100)), ValidTask);
        yield return Accepted("personal data that violate every rule",
            WithField("input", "{\"name\":\"\\ud800\\u0000\",\"contact_number\":[[[]]]}"), ValidTask);
        yield return Rejected("an array", "[" + CreateDocument() + "]", "The line is not a JSON object: each line must hold one task.");
        yield return Rejected("a number", "17", "The line is not a JSON object: each line must hold one task.");
        yield return Rejected("a truncated document", CreateDocument()[..50], "The line is not JSON.");
        yield return Rejected("two documents", CreateDocument() + CreateDocument(), "The line is not JSON.");
        yield return Rejected("a shell document", "{ _id: ObjectId('690500001234567890abcdef') }", "The line is not JSON.");
        yield return Rejected(
            "invalid UTF-8", CreateDocument().Replace("asha", "as\uFFFFha", StringComparison.Ordinal), "The line is not UTF-8.");
    }

    private static IEnumerable<UnpodExportCase> GetIdCases()
    {
        foreach (var missing in AbsentValues.Append("\"\"").Append("\"  \""))
        {
            yield return Rejected($"task_id is {missing}", WithField("task_id", missing), "task_id is missing.");
        }

        foreach (var field in new[] { "task_id", "run_id", "assignee", "execution_type", "status" })
        {
            foreach (var other in ValuesOfOtherTypes)
            {
                yield return Rejected($"{field} is {other}", WithField(field, other), $"{field} must be a string.");
            }
        }

        yield return Rejected("task_id with blanks", WithField("task_id", "\" T1\""), "task_id has blanks around it.");
        yield return Rejected(
            "task_id too long", WithField("task_id", $"\"{new string('T', 129)}\""), "task_id is longer than 128 characters.");
        yield return Rejected("task_id with a line end", WithField("task_id", "\"T\\n1\""), "task_id has a control character in it.");
        yield return Rejected(
            "task_id with an unpaired surrogate", WithField("task_id", "\"T\\ud83d\""), "task_id has an unpaired surrogate in it.");
        yield return Rejected("run_id with blanks", WithField("run_id", "\"R1 \""), "run_id has blanks around it.");
        yield return Rejected(
            "run_id too long", WithField("run_id", $"\"{new string('R', 129)}\""), "run_id is longer than 128 characters.");
        yield return Rejected(
            "agent too long", WithField("assignee", $"\"{new string('a', 129)}\""), "assignee is longer than 128 characters.");
        yield return Rejected("agent with DEL", WithField("assignee", "\"a\\u007f\""), "assignee has a control character in it.");
        yield return Accepted("agent with blanks", WithField("assignee", "\"  asha \""), ValidTask);
        yield return Accepted("agent of blanks", WithField("assignee", "\"   \""), ValidTask with { Agent = "" });
        yield return Accepted("run_id of maximum length", WithField("run_id", $"\"{new string('R', 128)}\""),
            ValidTask with { RunId = new string('R', 128) });
        yield return Accepted("an emoji agent", WithField("assignee", "\"\\ud83d\\ude00\""), ValidTask with { Agent = "\U0001F600" });
    }

    private static IEnumerable<UnpodExportCase> GetSpaceCases()
    {
        foreach (var missing in AbsentValues.Append("\"\""))
        {
            yield return Rejected($"space_id is {missing}", WithField("space_id", missing), "space_id is missing.");
        }

        foreach (var same in new[] { "71", "71.0", """{"$numberInt":"71"}""", """{"$numberLong":"71"}""" })
        {
            yield return Accepted($"space_id is {same}", WithField("space_id", same), ValidTask);
        }

        foreach (var other in new[] { "{}", "[]", "true", "71.5", "1e400" })
        {
            yield return Rejected($"space_id is {other}", WithField("space_id", other), "space_id must be a string or an integer.");
        }

        yield return Rejected("space_id is 17", WithField("space_id", "17"), "space_id names no known space: import its space first.");

        foreach (var unknown in new[] { "72", "0", "-71", "071", "71.0", "seventy-one", "\\u0667\\u0661" })
        {
            yield return Rejected($"space_id is \"{unknown}\"", WithField("space_id", $"\"{unknown}\""),
                "space_id names no known space: import its space first.");
        }

        yield return Rejected("space_id with blanks", WithField("space_id", "\"71 \""), "space_id has blanks around it.");
        foreach (var same in new[] { "\"5\"", "5", """{"$numberInt":"5"}""", """{"$numberLong":"5"}""", "5.0" })
        {
            yield return Accepted($"user_org_id is {same}", WithField("user_org_id", same), ValidTask);
        }

        foreach (var missing in new[] { "null", "", "\"\"" })
        {
            yield return Accepted($"user_org_id is {missing}", WithField("user_org_id", missing), ValidTask);
        }

        foreach (var other in new[] { "\"6\"", "6", """{"$numberLong":"6"}""", "\"five\"", "5.5", "{}", "[]", "true" })
        {
            yield return Rejected($"user_org_id is {other}", WithField("user_org_id", other),
                "user_org_id is not the organisation of the space that space_id names.");
        }
    }

    private static IEnumerable<UnpodExportCase> GetStringCases()
    {
        foreach (var missing in AbsentValues.Append("\" \""))
        {
            yield return Rejected($"status is {missing}", WithField("status", missing), "status is missing.");
        }

        foreach (var (status, outcome) in new[] { ("failed", Outcome.Failed), (" Failed", Outcome.Failed), ("hold", Outcome.Other),
            ("partially_completed", Outcome.Other), ("pending", Outcome.Other) })
        {
            yield return Accepted($"status {status} without a label", CreateDocument(("status", $"\"{status}\""), ("output", "null")),
                ValidTaskWithoutOutput(status) with { Outcome = outcome });
        }

        yield return Rejected(
            "status too long", WithField("status", $"\"{new string('s', 101)}\""), "status is longer than 100 characters.");
        yield return Rejected(
            "status with a control character", WithField("status", "\"comp\\u0000leted\""), "status has a control character in it.");
        yield return Accepted(
            "status stored as received", WithField("status", "\" COMPLETED \""), ValidTask with { Status = " COMPLETED " });

        foreach (var missing in AbsentValues.Append("\"\"").Append("\" \""))
        {
            yield return Accepted($"execution_type is {missing}: a call", WithField("execution_type", missing), ValidTask);
        }

        yield return Accepted(
            "execution_type stored as received", WithField("execution_type", "\" CALL\""), ValidTask with { ExecutionType = " CALL" });
        yield return Accepted("an email is neither classified, scored nor timed", WithField("execution_type", "\"email\""),
            ValidTask with { ExecutionType = "email", Outcome = null, SuccessScore = null, Duration = null });
        yield return Rejected("execution_type too long", WithField("execution_type", $"\"{new string('e', 101)}\""),
            "execution_type is longer than 100 characters.");
    }

    private static IEnumerable<UnpodExportCase> GetTimeCases()
    {
        foreach (var same in new[]
        {
            """{"$date":"2026-11-01T08:30:00.250Z"}""", """{"$date":{"$numberLong":"1793521800250"}}""", "\"2026-11-01T08:30:00.25\"",
            "\"2026-11-01 08:30:00.250\"", """{"$date":1793521800250}""", "\"2026-11-01t08:30:00,250z\"",
            "\"2026-11-01T13:30:00.250+05\"", "\"2026-11-01T14:00:00,250999999999+0530\"",
            "\"2026-11-01T14:00:00.250+05:30\"", "\"2026-11-01T08:30:00.250+0000\"", "\"2026-11-01T08:30:00.250999Z\"",
            "\"2026-11-01T08:30:00.250123456Z\"", "\"2026-11-01T08:30:00.250123456789+00:00\"",
        })
        {
            yield return Accepted($"created is {same}", WithField("created", same), ValidTask);
        }

        yield return Accepted("created without seconds", WithField("created", "\"2026-11-01T08:30Z\""),
            ValidTask with { CreatedAt = new Timestamp(1_793_521_800_000) });
        yield return Accepted(
            "created as a date", WithField("created", "\"2026-11-01\""), ValidTask with { CreatedAt = new Timestamp(1_793_491_200_000) });

        foreach (var field in new[] { "created", "modified", "last_status_change" })
        {
            foreach (var unreadable in ValuesOfOtherTypes.Concat([
                "\"\"", "\"yesterday\"", "\"01/11/2026\"", "\"2026-13-01T00:00:00Z\"", "\"10:30\"", "\"2026-11-01T08:30:00 +05:30\"",
                "\"2026-11-01T08:30:00+5\"", "\"2026-11-01T08:30:00Z\\u0000\"", "1793521800250", """{"$date":null}""", """{"$date":1.5}""",
                """{"$date":{"$numberLong":"soon"}}""", """{"$date":{"$numberLong":17}}"""]))
            {
                yield return Rejected(
                    $"{field} is {unreadable}", WithField(field, unreadable), $"{field} must be an ISO 8601 time or a $date.");
            }
        }

        foreach (var absent in AbsentValues)
        {
            yield return Accepted($"created is {absent}: the time in the ObjectId", WithField("created", absent),
                ValidTask with { CreatedAt = ObjectIdTime });
        }

        foreach (var id in new[] { "null", "\"690500001234567890abcdef\"", """{"$oid":"6905"}""", """{"$oid":"zz0500001234567890abcdef"}""",
            "{\"$oid\":\"690500\\u0000\\u00001234567890abcdef\"}", """{"$oid":17}""", "" })
        {
            yield return Accepted($"no created, and _id is {id}: the time of receipt", CreateDocument(("created", "null"), ("_id", id)),
                ValidTask with { CreatedAt = ReceivedAt });
        }

        yield return Rejected("created before 1970", WithField("created", "\"1969-12-31T23:59:59.999Z\""), "created is before 1970.");
        yield return Rejected(
            "created before 1970, canonical", WithField("created", """{"$date":{"$numberLong":"-1"}}"""), "created is before 1970.");
        yield return Accepted(
            "created in 1970", WithField("created", "\"1970-01-01T00:00:00Z\""), ValidTask with { CreatedAt = new Timestamp(0) });
        yield return Rejected("created far ahead", WithField("created", """{"$date":{"$numberLong":"9223372036854775807"}}"""),
            "created is more than 24 h ahead.");
        yield return Rejected(
            "modified far ahead", WithField("modified", "\"2026-11-21T10:00:00.001Z\""), "modified is more than 24 h ahead.");
        yield return Accepted("modified a day ahead", WithField("modified", "\"2026-11-21T10:00:00Z\""), ValidTask);
    }

    private static IEnumerable<UnpodExportCase> GetDurationCases()
    {
        foreach (var (given, milliseconds) in new (string, long)[]
        {
            ("0", 0), ("-0.0", 0), ("\"61.5\"", 61_500), ("\" 61.5 \"", 61_500), ("\"6.15e1\"", 61_500), ("61", 61_000), ("0.0005", 1),
            ("0.00049", 0), ("604800", 604_800_000), ("1e-2147483648", 0),
            ("""{"$numberInt":"61"}""", 61_000), ("""{"$numberLong":"61"}""", 61_000), ("""{"$numberDecimal":"61.5"}""", 61_500),
        })
        {
            yield return Accepted($"duration {given}", WithOutputField("duration", given), ValidTask with { Duration = milliseconds });
        }

        foreach (var missing in new[] { "null", "", "{}", "[]", "true", "\"\"", "\"00:01:01\"", "\"NaN\"", """{"$numberDouble":"NaN"}""",
            """{"$numberDouble":"Infinity"}""", "-1", "-0.001", "-1e-30", "\"-1e-30\"", "604800.001", "1e400",
            "\"61\\u0000\"", "\"61\\t\"", "\"61,5\"", "\"a minute\"" })
        {
            yield return Accepted(
                $"duration {missing}: not timed", WithOutputField("duration", missing), ValidTask with { Duration = null });
        }
    }

    private static IEnumerable<UnpodExportCase> GetTimedCases()
    {
        foreach (var (duration, start, end, milliseconds) in new (string, string, string, long?)[]
        {
            ("", "\"2026-11-01T08:30:00Z\"", "\"2026-11-01T08:31:01.5Z\"", 61_500),
            ("null", """{"$date":1793521800250}""", """{"$date":{"$numberLong":"1793521800250"}}""", 0),
            ("\"a minute\"", "\"2026-11-01 08:30:00\"", "\"2026-11-01T14:00:30+0530\"", 30_000),
            ("-1", "\"2026-11-01T08:30:00Z\"", "\"2026-11-01T08:30:01Z\"", 1_000),
            ("61.5", "\"2026-11-01T08:30:00Z\"", "\"2026-11-01T08:30:01Z\"", 61_500),
            ("", "\"2026-11-01T08:30:01Z\"", "\"2026-11-01T08:30:00Z\"", null),
            ("", "\"2026-11-01T08:30:00Z\"", "\"2026-11-08T08:30:00.001Z\"", null),
            ("", "\"soon\"", "\"2026-11-01T08:30:00Z\"", null),
            ("", "", "\"2026-11-01T08:30:00Z\"", null),
        })
        {
            yield return Accepted($"duration {duration}, start {start}, end {end}",
                CreateDocument(("output", CreateOutput(("duration", duration), ("start_time", start), ("end_time", end)))),
                ValidTask with { Duration = milliseconds });
        }
    }

    private static IEnumerable<UnpodExportCase> GetScoreCases()
    {
        foreach (var (given, hundredths) in new (string, int)[]
        {
            ("1", 100), ("10", 1000), ("\"10\"", 1000), ("7.25", 725), ("7.255", 726), ("\"7.254999\"", 725),
            ("""{"$numberDouble":"8.5"}""", 850), ("""{"$numberInt":"8"}""", 800), ("9.999", 1000),
        })
        {
            yield return Accepted($"score {given}", WithPostCall($$"""{"summary":{"status":"Interested"},"success_evaluator":{{given}}}"""),
                ValidTask with { SuccessScore = hundredths });
        }

        foreach (var none in new[] {
            "null", "\"\"", "\"high\"", "0", "0.99", "10.01", "-7", "70", "\"7\\u0000\"", "true", "[7]", "{\"score\":7}", "1e400" })
        {
            yield return Accepted($"score {none}: not scored", WithPostCall(
                $$"""{"summary":{"status":"Interested"},"success_evaluator":{{none}}}"""), ValidTask with { SuccessScore = null });
        }

        foreach (var transcript in new[] { "null", "", "[]", "\"\"", "{}", "17", "true", "{\"role\":\"user\"}" })
        {
            yield return Accepted(
                $"transcript {transcript}: not scored", WithOutputField("transcript", transcript), ValidTask with { SuccessScore = null });
        }

        yield return Accepted("a transcript of text", WithOutputField("transcript", "\"hello\""), ValidTask);
        yield return Accepted("a transcript of one empty object", WithOutputField("transcript", "[{}]"), ValidTask);
    }

    private static IEnumerable<UnpodExportCase> GetLabelCases()
    {
        foreach (var (label, outcome) in new[]
        {
            ("InterestedIn", Outcome.Interested), ("call_back", Outcome.CallBack), (" CALL BACK", Outcome.CallBack),
            ("Send Details", Outcome.SendDetails), ("not_interested", Outcome.NotInterested),
            ("Not Connected", Outcome.NotConnected), ("Error", Outcome.Failed), ("unknown", Outcome.Failed), ("FAILED", Outcome.Failed),
            ("Voicemail", Outcome.Other), ("Wrong_Number", Outcome.Other), ("Интересно", Outcome.Other),
        })
        {
            yield return Accepted($"label {label}", WithPostCall($$"""{"summary":{"status":"{{label}}"},"success_evaluator":7}"""),
                ValidTask with { Label = label, Outcome = outcome });
        }

        foreach (var postCall in new[] {
            "null", "", "[]", "\"Interested\"", "{}", """{"summary":null}""", """{"summary":"Interested"}""",
            """{"summary":[{"status":"Interested"}]}""", """{"summary":{"status":null}}""", """{"summary":{"status":1}}""",
            """{"summary":{"status":""}}""" })
        {
            yield return Accepted($"post_call_data {postCall}: no label", WithPostCall(postCall),
                ValidTask with { Label = null, Outcome = Outcome.Failed, SuccessScore = null });
        }

        yield return Rejected("label too long", WithPostCall($$$"""{"summary":{"status":"{{{new string('x', 101)}}}"}}"""),
            "output.post_call_data.summary.status is longer than 100 characters.");
        yield return Rejected("label with a line end", WithPostCall("""{"summary":{"status":"Call\nBack"}}"""),
            "output.post_call_data.summary.status has a control character in it.");
    }

    private static IEnumerable<UnpodExportCase> GetDirectionCases()
    {
        foreach (var (given, direction) in new[]
        {
            ("\"inbound\"", Direction.Inbound), ("\"inboundPhoneCall\"", Direction.Inbound), ("\"outbound\"", Direction.Outbound),
            ("\"webCall\"", Direction.None),
            ("\"Inbound\"", Direction.None), ("\"\"", Direction.None), ("null", Direction.None), ("", Direction.None),
            ("7", Direction.None),
        })
        {
            yield return Accepted($"call_type {given}", WithOutputField("call_type", given), ValidTask with { Direction = direction });
        }

        foreach (var (callType, type, input, direction) in new[]
        {
            ("", "\"inboundPhoneCall\"", "\"outbound\"", Direction.Inbound), ("null", "7", "\"inbound\"", Direction.Inbound),
            ("\"outbound\"", "\"inbound\"", "\"inbound\"", Direction.Outbound), ("\"webCall\"", "\"inbound\"", "", Direction.Inbound),
            ("", "\"call\"", "\"outboundPhoneCall\"", Direction.Outbound), ("", "", "7", Direction.None),
        })
        {
            yield return Accepted($"call_type {callType}, type {type}, input.call_type {input}",
                CreateDocument(
                    ("output", CreateOutput(("call_type", callType), ("type", type))),
                    ("input", input.Length == 0 ? "{}" : $$"""{"call_type":{{input}}}""")),
                ValidTask with { Direction = direction });
        }
    }

    private static IEnumerable<UnpodExportCase> GetOptionalFieldCases()
    {
        foreach (var missing in AbsentValues)
        {
            yield return Accepted($"run_id is {missing}", WithField("run_id", missing), ValidTask with { RunId = "" });
            yield return Accepted($"assignee is {missing}", WithField("assignee", missing), ValidTask with { Agent = "" });
        }

        foreach (var missing in MissingValues)
        {
            yield return Accepted($"output is {missing}", WithField("output", missing), ValidTaskWithoutOutput("completed"));
            yield return Accepted($"input is {missing}", WithField("input", missing), ValidTask);
        }
    }

    private static TaskContent ValidTaskWithoutOutput(string status) =>
        ValidTask with {
            Status = status, Direction = Direction.None, Label = null, Outcome = Outcome.Failed, SuccessScore = null, Duration = null };

    private static UnpodExportCase Accepted(string name, string text, TaskContent expected) => new(name, text, expected, null);

    private static UnpodExportCase Rejected(string name, string text, string reason) => new(name, text, null, reason);

    private static string WithField(string field, string value) => CreateDocument((field, value));

    private static string WithOutputField(string field, string value) => CreateDocument(("output", CreateOutput((field, value))));

    private static string WithPostCall(string value) => WithOutputField("post_call_data", value);

    private static string CreateOutput(params (string Field, string Value)[] changes) => ToJson(ValidOutput, changes);

    private static string CreateDocument(params (string Field, string Value)[] changes) =>
        ToJson(ValidDocument, changes.Any(change => change.Field == "output") ? changes : [.. changes, ("output", CreateOutput())]);

    // An empty value omits the field.
    private static string ToJson(Dictionary<string, string> fields, (string Field, string Value)[] changes)
    {
        var changed = new Dictionary<string, string>(fields, StringComparer.Ordinal);
        foreach (var (field, value) in changes)
        {
            changed[field] = value;
        }

        return "{" + string.Join(",", changed.Where(field => field.Value.Length > 0).Select(FormatField)) + "}";
    }

    private static string FormatField(KeyValuePair<string, string> field) => $"\"{field.Key}\":{field.Value}";

    // The bytes of a line. U+FFFF represents a byte that is not UTF-8.
    public static byte[] ToBytes(string text) =>
        [.. Encoding.UTF8.GetBytes(text).Select((value, i) => (value, i))
            .Select(pair => text.Contains('\uFFFF', StringComparison.Ordinal) && pair.value == 0xEF ? (byte)0xFF : pair.value)];
}
