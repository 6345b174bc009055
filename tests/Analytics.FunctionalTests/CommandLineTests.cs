using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Analytics.Application.Tests.Ingestion.Formats;
using Analytics.FunctionalTests.Support;
using Analytics.Infrastructure.Configuration;
using Dapper;

namespace Analytics.FunctionalTests;

/// <summary>The commands, run as an operator runs them.</summary>
[TestFixtureSource(typeof(TestEngines), nameof(TestEngines.All))]
internal sealed class CommandLineTests(DatabaseEngine engine) : DatabaseFixture(engine)
{
    private CommandLine _commandLine = null!;

    [SetUp]
    public void CreateCommandLine() => _commandLine = new CommandLine(Database.Settings);

    [Test]
    public async Task Import_of_a_messy_export_rejects_invalid_lines_and_verifies_as_consistent()
    {
        var organisations = await WriteFileAsync(
            "organisations.csv", "id,name,domain_handle,status,extra\n5,Acme,Acme.Example,Active,x\n6,Gone,gone.example,deleted,x\n");
        var spaces = await WriteFileAsync("spaces.csv",
            "\uFEFFid,space_organization_id,name,token,slug,content_type,status\n71,5,\"Calls, all\",S71,calls,Contact,active\n");
        var members = await WriteFileAsync("members.csv", "role,user_id,organization_id\nowner,7,5\n");
        // Which times are too far ahead depends on when the test runs.
        var lines = UnpodExportCases.Cases.Where(line => line.Name is not ("modified a day ahead" or "modified far ahead")).ToList();
        var messy = lines.Select((line, i) => line.Text.Replace("\"T1\"", $"\"T{i}\"", StringComparison.Ordinal)).ToList();
        var accepted = lines.Count(line => line.Expected is not null);

        AssertOutput(await _commandLine.RunAsync(["import", "organisations", organisations]), "status: active 1, deleted 1",
            "inserted 2, updated 0, unchanged 0, rejected 0");
        AssertOutput(await _commandLine.RunAsync(["import", "spaces", spaces]), "status: active 1",
            "inserted 1, updated 0, unchanged 0, rejected 0");
        AssertOutput(await _commandLine.RunAsync(["import", "members", members]), "organisation 5: added 7",
            "added 1, removed 0, changed 0, unchanged 0, rejected 0");
        Assert.That(await ScalarAsync("SELECT COUNT(*) FROM spaces WHERE slug = 'calls'"), Is.EqualTo(1));

        var tasks = Database.GetFilePath("tasks.json");
        await File.WriteAllBytesAsync(tasks, [.. messy.SelectMany(line => UnpodExportCases.ToBytes(line).Append((byte)'\n'))]);
        var import = await _commandLine.RunAsync(["import", "tasks", tasks, "--rejects", Database.GetFilePath("rejects.txt")]);
        var rejects = await File.ReadAllTextAsync(Database.GetFilePath("rejects.txt"));

        Assert.That(import.ExitCode, Is.EqualTo(2), import.StandardError);
        Assert.That(import.StandardOutput, Does.Match("^ignored values: output [0-9]+, output.call_type [0-9]+, output.duration [0-9]+, "));
        Assert.That(import.StandardOutput,
            Does.EndWith(
                $"{Environment.NewLine}inserted {accepted}, updated 0, unchanged 0, rejected {messy.Count - accepted}{Environment.NewLine}"));
        Assert.That(rejects.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries),
            Has.Length.EqualTo(messy.Count - accepted).And.All.Match(@"^line \d+: "));
        Assert.That(rejects, Does.Match(@"line \d+: T\d+: run_id has blanks around it\."));
        Assert.That(rejects + import.StandardError + await ReadAllTablesAsync(),
            Does.Not.Contain(UnpodExportCases.PersonalName).And.Not.Contain(UnpodExportCases.PersonalNumber));
        AssertOutput(
            await _commandLine.RunAsync(["verify"]), $"acme.example: {accepted} tasks, consistent", "gone.example: 0 tasks, consistent");
    }

    [Test]
    public async Task A_process_reads_standard_input_and_the_environment_and_returns_the_exit_code()
    {
        await Database.AddOrganisationAsync(1, 10);
        var import = await _commandLine.RunProcessAsync(["import", "tasks", "-"], CreateTaskLines(0, 3));
        var failure = await _commandLine.RunProcessAsync(["import", "tasks", "-", "--format", "native"]);

        AssertOutput(import, "inserted 3, updated 0, unchanged 0, rejected 0");
        Assert.That(import.StandardError, Does.Contain("Audit: tasks imported by operator"));
        Assert.That((failure.ExitCode, failure.StandardOutput, failure.StandardError.Trim()),
            Is.EqualTo((1, "", "--format native needs --organisation: its lines do not name one.")));
    }

    [Test]
    [Platform("Unix")]
    public async Task A_process_has_a_lower_priority_than_the_service_unless_it_locks_a_SQLite_file()
    {
        await Database.AddOrganisationAsync(1, 10);
        using var import = _commandLine.Start(["import", "tasks", "-"]);
        await import.StandardInput.WriteAsync(CreateTaskLines(0, 20_001));
        await import.StandardInput.FlushAsync();

        // Since its start a process has the priority of its parent. What it has written tells that it has chosen its own.
        await Eventually.TrueAsync(async () => await ScalarAsync("SELECT COUNT(*) FROM tasks") > 0);
        import.Refresh();
        var expected = Database.Settings.Engine == DatabaseEngine.Sqlite ? ProcessPriorityClass.Normal : ProcessPriorityClass.BelowNormal;
        Assert.That(import.PriorityClass, Is.EqualTo(expected));

        import.StandardInput.Close();
        await import.WaitForExitAsync();
    }

    [Test]
    public async Task A_closed_standard_error_does_not_stop_an_import()
    {
        await Database.AddOrganisationAsync(1, 10);
        using var import = _commandLine.Start(["import", "tasks", "-"]);
        import.StandardError.Close();
        await import.StandardInput.WriteAsync(CreateTaskLines(0, 3));
        import.StandardInput.Close();
        await import.WaitForExitAsync();

        Assert.That((import.ExitCode, await ScalarAsync("SELECT COUNT(*) FROM tasks")), Is.EqualTo((0, 3)));
    }

    [TestCase("import tasks -", 2, "inserted 3, updated 0, unchanged 0, rejected 1")]
    [TestCase("import tasks nowhere.json", 1, "")]
    [TestCase("members list --organisation org1.example", 0, "user_id\trole")]
    [TestCase("health --url", 1, null)]
    public async Task Failing_standard_error_does_not_change_the_exit_code(string arguments, int exitCode, string? standardOutput)
    {
        await Database.AddOrganisationAsync(1, 10);
        await using var standardError = new FailingWriter();

        var output = await _commandLine.RunAsync(arguments.Split(' '), CreateTaskLines(0, 3) + "no JSON", standardError);

        Assert.That(output.ExitCode, Is.EqualTo(exitCode));
        Assert.That(standardError.HasFailed);
        Assert.That(output.StandardOutput.Trim(), standardOutput is null ? Is.Not.Empty : Is.EqualTo(standardOutput));
    }

    [Test]
    public async Task Import_is_visible_in_the_next_response_of_a_running_service()
    {
        await using var service = await AnalyticsService.StartAsync(Database.Settings.Engine, _ => { });
        await service.AddOrganisationAsync(5, "acme.example");
        await service.AddSpaceAsync(5, 71, "S71");
        await service.AddMemberAsync(5, "7");
        var commandLine = new CommandLine(service.Database);
        var token = (await commandLine.RunAsync(["token", "--user", "7", "--expires", "1h"])).StandardOutput.Trim();

        await commandLine.RunAsync(["import", "tasks", "-", "--format", "native", "--organisation", "ACME.example"],
            """{"task_id":"a","space_token":"S71","status":"pending"}""");

        var reply = await service.SendAsync(new AnalyticsRequest { Handle = "acme.example", Authorization = $"jwt {token}" });
        Assert.That(reply.Body, Does.Contain("\"total_tasks\":1,").And.Contain("\"pending\":1,"));
    }

    [Test]
    public async Task Gzip_file_is_imported()
    {
        await Database.AddOrganisationAsync(1, 10);
        var path = Database.GetFilePath("tasks.json.gz");
        await using (var file = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(CreateTaskLines(0, 3)));
        }

        AssertOutput(await _commandLine.RunAsync(["import", "tasks", path]), "inserted 3, updated 0, unchanged 0, rejected 0");
    }

    [Test]
    public async Task Truncated_or_empty_gzip_file_fails_the_import([Values(0, 200)] int length)
    {
        await Database.AddOrganisationAsync(1, 10);
        using var archive = new MemoryStream();
        await using (var file = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(CreateTaskLines(0, 3_000)));
        }

        await File.WriteAllBytesAsync(Database.GetFilePath("cut.gz"), archive.ToArray()[..length]);
        var output = await _commandLine.RunAsync(["import", "tasks", Database.GetFilePath("cut.gz")]);
        Assert.That(output.ExitCode, Is.EqualTo(1));
        Assert.That(output.StandardError, Does.Not.Contain("   at "));
    }

    [Test]
    public async Task Gzip_that_ends_wrongly_fails_the_import_and_reports_what_was_committed()
    {
        await Database.AddOrganisationAsync(1, 10);
        var archive = PushRequest.Compress(Encoding.UTF8.GetBytes(CreateTaskLines(0, 10_001)));
        await File.WriteAllBytesAsync(Database.GetFilePath("padded.gz"), [.. archive, .. new byte[512]]);

        var output = await _commandLine.RunAsync(["import", "tasks", Database.GetFilePath("padded.gz")]);

        Assert.That((output.ExitCode, output.StandardOutput), Is.EqualTo((1, "")));
        Assert.That(output.StandardError, Does.Contain(
            "Something that is not gzip follows the gzip data. Committed before: inserted 10000, updated 0, unchanged 0. Correct the file and import it again."));
    }

    [Test]
    public async Task Members_of_a_gzip_file_are_all_imported()
    {
        await Database.AddOrganisationAsync(1, 10);
        await File.WriteAllBytesAsync(Database.GetFilePath("two.gz"),
        [
            .. PushRequest.Compress(Encoding.UTF8.GetBytes(CreateTaskLines(0, 3))),
            .. PushRequest.Compress(Encoding.UTF8.GetBytes(CreateTaskLines(3, 5))),
        ]);

        AssertOutput(
            await _commandLine.RunAsync(["import", "tasks", Database.GetFilePath("two.gz")]),
            "inserted 5, updated 0, unchanged 0, rejected 0");
    }

    [TestCase("tasks.json.gz", "{\"task_id\":\"a\"}", "The file is not gzip. Nothing was changed.")]
    [TestCase("tasks.json", "\u001F\u008B\u0008\0\0\0\0\0",
        "The file is compressed with gzip: decompress it, or give it a name that ends in .gz.")]
    [TestCase("tasks.json", "\u0028\u00B5\u002F\u00FD\u0024", "The file is compressed with zstd: decompress it first, with zstd -d.")]
    [TestCase("tasks.json", "\u00FF\u00FE{\0\"\0", "The file is UTF-16: convert it to UTF-8")]
    [TestCase("tasks.json", "{\0\"\0t\0a\0", "The file is UTF-16: convert it to UTF-8")]
    [TestCase("tasks.json", "\u00F0\0\0\0\u0002_id", "The file is binary: export text")]
    [TestCase("tasks.json", "[{\"task_id\":\"a\"},\n", "The file is a JSON array: export it without --jsonArray")]
    [TestCase("tasks.json", "\u00EF\u00BB\u00BF\n [", "The file is a JSON array: export it without --jsonArray")]
    [TestCase("tasks.json", "{\r\n  \"task_id\": \"a\"\r\n}", "The file is pretty-printed JSON: export it without --pretty")]
    public async Task File_of_another_kind_fails_the_import_with_one_sentence(string name, string content, string reason)
    {
        await Database.AddOrganisationAsync(1, 10);
        await File.WriteAllBytesAsync(Database.GetFilePath(name), Encoding.Latin1.GetBytes(content));

        var output = await _commandLine.RunAsync(["import", "tasks", Database.GetFilePath(name)]);

        Assert.That((output.ExitCode, output.StandardOutput), Is.EqualTo((1, "")));
        Assert.That(output.StandardError, Does.StartWith(reason));
    }

    [TestCase("organization_id,user_id,role\n1,8,\"viewer\n1,9,viewer\n", 1, "the quotes do not pair.")]
    [TestCase("organization_id,user_id,role\n1,8,vi\"ew\"er\n", 1, "Line 2 is not CSV")]
    [TestCase("organization_id,user_id,role\n1,8,\u00FF\n", 1, "The file is not UTF-8.")]
    [TestCase("organization_id,user_id\n1,8\n", 1, "The file has no column role")]
    [TestCase("organization_id;user_id;role\n1;8;viewer\n", 1, "The columns are separated by semicolons: save the file with commas")]
    [TestCase("\"organization_id\";\"user_id\";\"role\"\n1;8;viewer\n", 1,
        "The columns are separated by semicolons: save the file with commas")]
    [TestCase("organization_id\tuser_id\trole\n1\t8\tviewer\n", 1, "The columns are separated by tabs: save the file with commas")]
    [TestCase("\u00FF\u00FEo\0r\0g\0", 1, "The file is UTF-16")]
    [TestCase("organization_id,user_id,role,ROLE\n1,8,viewer,owner\n", 1, "The file has the column role more than once.")]
    [TestCase("organization_id,user_id,role\n1,8\n", 2, "line 2: The line has 2 fields, and the header 3.")]
    public async Task Invalid_members_file_removes_no_member(string text, int exitCode, string reason)
    {
        await Database.AddOrganisationAsync(1);
        await _commandLine.RunAsync(["import", "members", "-"], "organization_id,user_id,role\n1,7,owner\n");
        var path = Database.GetFilePath("members.csv");
        await File.WriteAllBytesAsync(path, Encoding.Latin1.GetBytes(text));

        var output = await _commandLine.RunAsync(["import", "members", path]);

        Assert.That(output.ExitCode, Is.EqualTo(exitCode));
        Assert.That(output.StandardError, Does.Contain(reason));
        Assert.That(await ScalarAsync("SELECT COUNT(*) FROM members WHERE user_id = '7'"), Is.EqualTo(1));
    }

    [TestCase("", 0, 2), TestCase("--replace", 1, 1), TestCase("--replace --yes", 0, 1)]
    public async Task Unlisted_members_are_removed_only_by_a_confirmed_replacement(string options, int exitCode, int members)
    {
        await Database.AddOrganisationAsync(1);
        await _commandLine.RunAsync(["import", "members", "-"], "organization_id,user_id,role\n1,7,owner\n");

        var output = await _commandLine.RunAsync(
            ["import", "members", "-", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            " Role ,USER_ID,organization_id\nowner,8,1\n");

        Assert.That((output.ExitCode, await ScalarAsync("SELECT COUNT(*) FROM members")), Is.EqualTo((exitCode, (long)members)));
        const string RejectionReason = "organisation 1: nothing was changed, because --replace would remove 1 of its 1 members";
        Assert.That(output.StandardError.Contains(RejectionReason, StringComparison.Ordinal), Is.EqualTo(exitCode == 1));
    }

    [TestCase("1,7,owner\n1,8,viewer", "The file is cut"), TestCase("1,7,owner\n1,8\n", "The file is cut")]
    [TestCase("1,7,owner\n1,\"8,viewer\n", "the quotes do not pair")]
    public async Task Replacement_from_a_cut_file_changes_nothing(string rows, string reason)
    {
        await Database.AddOrganisationAsync(1);

        var output = await _commandLine.RunAsync(["import", "members", "-", "--replace", "--yes"], $"organization_id,user_id,role\n{rows}");

        Assert.That((output.ExitCode, await ScalarAsync("SELECT COUNT(*) FROM members")), Is.EqualTo((1, 0L)));
        Assert.That(output.StandardError, Does.Contain(reason).And.Not.Contain("   at "));
    }

    [Test]
    public async Task Import_from_a_gzip_that_is_cut_anywhere_changes_nothing([Values] bool replaces)
    {
        await Database.AddOrganisationAsync(1);
        using var archive = new MemoryStream();
        await using (var file = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes("organization_id,user_id,role\n1,7,owner\n1,8,viewer\n"));
        }

        string[] options = replaces ? ["--replace", "--yes"] : [];
        for (var length = 0; length < archive.Length; length++)
        {
            await File.WriteAllBytesAsync(Database.GetFilePath("cut.gz"), archive.ToArray()[..length]);
            var output = await _commandLine.RunAsync(["import", "members", Database.GetFilePath("cut.gz"), .. options]);
            Assert.That(output.ExitCode, Is.EqualTo(1), $"{length} bytes");
            Assert.That(output.StandardError, Does.Not.Contain("   at "), $"{length} bytes");
        }

        Assert.That(await ScalarAsync("SELECT COUNT(*) FROM members"), Is.Zero);
    }

    [Test]
    public async Task Rejects_file_cannot_overwrite_the_input_file()
    {
        await Database.AddOrganisationAsync(1, 10);
        var path = await WriteFileAsync("tasks.json", CreateTaskLines(0, 3));
        var output = await _commandLine.RunAsync(["import", "tasks", path, "--rejects", path]);
        Assert.That(output.ExitCode, Is.EqualTo(1));
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(CreateTaskLines(0, 3)));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Killed_import_leaves_whole_batches_and_completes_when_run_again(CancellationToken cancellationToken)
    {
        await Database.AddOrganisationAsync(1, 10);
        using (var killed = _commandLine.Start(["import", "tasks", "-"]))
        {
            await killed.StandardInput.WriteAsync(CreateTaskLines(0, 25_000));
            await killed.StandardInput.FlushAsync(cancellationToken);
            while (await ScalarAsync("SELECT COUNT(*) FROM tasks") < 20_000)
            {
                Assert.That(killed.HasExited, Is.False);
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
            }

            killed.Kill();
            await killed.WaitForExitAsync(cancellationToken);
        }

        // SQLite's batches are smaller, so that some of them can be written before the process ends.
        var committed = await ScalarAsync("SELECT COUNT(*) FROM tasks");
        Assert.That((committed >= 20_000, committed % 500), Is.EqualTo((true, 0L)));
        Assert.That((await Database.VerifyAsync()).Single().IsClean);
        AssertOutput(await _commandLine.RunAsync(["import", "tasks", "-"], CreateTaskLines(0, 25_000)),
            $"inserted {25_000 - committed}, updated 0, unchanged {committed}, rejected 0");
        Assert.That(await ScalarAsync("SELECT completed FROM task_totals"), Is.EqualTo(25_000));
        Assert.That((await Database.VerifyAsync()).Single().IsClean);
    }

    [Test]
    public async Task Verify_exits_with_1_until_repaired()
    {
        await Database.AddOrganisationAsync(1, 10);
        await Database.ImportNativeAsync(1, ["""{"task_id":"a","space_token":"S10","status":"pending"}"""]);
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE task_totals SET pending = 3");
        }

        var found = await _commandLine.RunAsync(["verify"]);
        Assert.That(found.ExitCode, Is.EqualTo(1));
        Assert.That(found.StandardOutput, Does.Contain("org1.example: space 10, product unpod.dev: pending is 3, recounted 1"));
        Assert.That((await _commandLine.RunAsync(["verify", "--repair"])).ExitCode, Is.Zero);
        AssertOutput(await _commandLine.RunAsync(["verify"]), "org1.example: 1 tasks, consistent");
    }

    [Test]
    public async Task Verify_of_no_organisations_says_so_and_exits_with_0() =>
        AssertOutput(await _commandLine.RunAsync(["verify"]), "There are no organisations.");

    [Test]
    public async Task Verify_exits_with_1_if_no_stored_organisation_could_be_verified()
    {
        await Database.AddOrganisationAsync(1, 10);
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("DELETE FROM organisation_versions");
        }

        var output = await _commandLine.RunAsync(["verify"]);

        Assert.That((output.ExitCode, output.StandardOutput.Trim()),
            Is.EqualTo((1, "None of 1 organisations was verified: their versions are missing from the database.")));
    }

    [Test]
    public async Task Demo_load_is_idempotent_and_yields_to_a_real_organisation()
    {
        AssertOutput(await _commandLine.RunAsync(["demo"]),
            "The demo is loaded: organisation recalll.co, 702 tasks, member 1. Its documented space is F1O3QJM1Y7Q1AVVUYNV4VPRB.");
        AssertOutput(await _commandLine.RunAsync(["demo"]),
            "The demo is loaded: organisation recalll.co, 702 tasks, member 1. Its documented space is F1O3QJM1Y7Q1AVVUYNV4VPRB.");
        Assert.That(await ScalarAsync("SELECT COUNT(*) FROM tasks"), Is.EqualTo(702));

        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("UPDATE organisations SET id = 5");
        }

        var rejected = await _commandLine.RunAsync(["demo"]);
        Assert.That((rejected.ExitCode, rejected.StandardError.Trim()),
            Is.EqualTo((1, "The demo is not loaded: domain_handle already belongs to organisation 5.")));
    }

    [TestCase("import tasks nowhere.json", "Could not find file")]
    [TestCase("import tasks - --format native", "--format native needs --organisation")]
    [TestCase("import tasks - --organisation nobody.example", "--organisation names no known organisation")]
    [TestCase("import tasks - --product a/b", "--product must be")]
    [TestCase("import tasks - --format xml", "xml")]
    [TestCase("import organisations -", "The file is empty: its first line must name the columns id, name, domain_handle, status.")]
    [TestCase("token --user 7 --expires never", "--expires must be a number of s, m, h or d")]
    [TestCase("token --user 7 --expires 999999999d", "--expires must be a number of s, m, h or d")]
    [TestCase("token --user 7 --scope é", "--scope must be 1-1000 characters")]
    [TestCase("token", "--user")]
    [TestCase("members add --organisation nobody.example --user 8", "--organisation names no known organisation")]
    [TestCase("tasks purge", "--organisation")]
    [TestCase("health --url 127.0.0.1:8000", "--url must be an address")]
    [TestCase("nonsense", "nonsense")]
    public async Task Invalid_command_reports_the_reason_and_exits_with_1(string arguments, string reason)
    {
        var output = await _commandLine.RunAsync(arguments.Split(' '));
        Assert.That(output.ExitCode, Is.EqualTo(1));
        Assert.That(output.StandardError, Does.Contain(reason).And.Not.Contain("   at "));
    }

    private static void AssertOutput(CommandResult output, params string[] lines)
    {
        Assert.That(output.ExitCode, Is.Zero, output.StandardError);
        Assert.That(output.StandardOutput.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(lines));
    }

    private static string CreateTaskLines(int from, int to) =>
        string.Concat(Enumerable.Range(from, to - from).Select(
            i => $$"""{"_id":{"$oid":"690500001234570290abcdef"},"task_id":"t{{i}}","space_id":"10","status":"completed"}""" + '\n'));

    private async Task<string> WriteFileAsync(string name, string text)
    {
        await File.WriteAllTextAsync(Database.GetFilePath(name), text);
        return Database.GetFilePath(name);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(sql);
    }

    private async Task<string> ReadAllTablesAsync()
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        var stored = new StringBuilder();
        foreach (var table in new[] { "organisations", "organisation_versions", "spaces", "members", "tasks", "task_totals" })
        {
            stored.Append(JsonSerializer.Serialize(await connection.QueryAsync($"SELECT * FROM {table}")));
        }

        return stored.ToString();
    }

    private sealed class FailingWriter : TextWriter
    {
        public bool HasFailed { get; private set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            HasFailed = true;
            throw new IOException("No space left on device.");
        }
    }
}
