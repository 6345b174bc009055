using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Npgsql;

namespace Analytics.FunctionalTests.Support;

/// <summary>
/// A new PostgreSQL server, which a test may stop, freeze and fill; deleted afterwards. It syncs to the disk, as in production.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Administrator = "postgres";

    // Not a superuser, so that the server's limits apply.
    private const string Service = "analytics";

    // The folder of its programs, which Debian does not add to the path.
    private static readonly string? ProgramFolder = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal)
            .Reverse().Select(version => Path.Combine(version, "bin")) : [])
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_basebackup")));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("analytics-postgres-");
    private int _port;

    private PostgresServer()
    {
    }

    // For the service's user, who may create databases.
    public string ConnectionString => CreateConnectionString(Service);

    private string DataFolder => Path.Combine(_folder.FullName, "data");

    private string PidFile => Path.Combine(DataFolder, "postmaster.pid");

    private bool IsRunning => File.Exists(PidFile);

    // A running server. Without PostgreSQL's programs the test is ignored.
    public static async Task<PostgresServer> CreateAsync()
    {
        if (ProgramFolder is null)
        {
            Assert.Ignore("PostgreSQL's programs are missing: install its server.");
        }

        var server = new PostgresServer();
        await server.GiveFolderToPostgresAsync();

        // Small WAL segments, so that a table can be the larger file.
        await RunAsPostgresAsync(GetProgramPath("initdb"), "-D", server.DataFolder, "-U", Administrator, "-A", "trust", "-E", "UTF8",
            "--no-locale", "--wal-segsize=1");
        await server.StartOnFreePortAsync();
        await server.ExecuteAsync($"CREATE ROLE {Service} LOGIN CREATEDB");
        return server;
    }

    // A standby, which replays what this server writes.
    public async Task<PostgresServer> CreateStandbyAsync()
    {
        var standby = new PostgresServer();
        await standby.GiveFolderToPostgresAsync();
        await RunAsPostgresAsync(GetProgramPath("pg_basebackup"), "-D", standby.DataFolder, "-h", "127.0.0.1", "-p",
            _port.ToString(CultureInfo.InvariantCulture), "-U", Administrator, "--write-recovery-conf", "--checkpoint=fast", "--no-sync");
        await standby.StartOnFreePortAsync();
        return standby;
    }

    // Ends a standby's replay: it is the primary from now on.
    public Task PromoteAsync() => RunPgCtlAsync("promote");

    // A standby serves its present state until it is promoted.
    public Task PauseReplayAsync() => ExecuteAsync("SELECT pg_wal_replay_pause()");

    public async Task ResumeReplayAsync(PostgresServer primary)
    {
        await ExecuteAsync("SELECT pg_wal_replay_resume()");
        await using var written = await ConnectAsAdministratorAsync(primary.ConnectionString);
        await using var replayed = await ConnectAsAdministratorAsync(ConnectionString);
        var position = await written.ExecuteScalarAsync<string>("SELECT pg_current_wal_lsn()::text");
        await Eventually.TrueAsync(() =>
            replayed.ExecuteScalarAsync<bool>("SELECT pg_last_wal_replay_lsn() >= @position::pg_lsn", new { position }));
    }

    public Task StartAsync() => RunPgCtlAsync(
        "-l", Path.Combine(_folder.FullName, "log"), "-o", string.Create(CultureInfo.InvariantCulture,
            $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories= -c max_connections=60 -c autovacuum=off"), "start");

    // Encrypts connections with a new self-signed certificate for a host, and returns the certificate's file.
    public async Task<string> EnableTlsAsync(IPAddress host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=analytics-tests", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(host);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        var (certificateFile, keyFile) = (Path.Combine(_folder.FullName, "server.crt"), Path.Combine(_folder.FullName, "server.key"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        await RunAsync("chmod", "600", keyFile);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", keyFile);
        }

        await ExecuteAsync($"ALTER SYSTEM SET ssl_cert_file = '{certificateFile}'");
        await ExecuteAsync($"ALTER SYSTEM SET ssl_key_file = '{keyFile}'");
        await ExecuteAsync("ALTER SYSTEM SET ssl = on");
        await ExecuteAsync("SELECT pg_reload_conf()");
        await Eventually.TrueAsync(async () =>
        {
            await using var connection = await ConnectAsAdministratorAsync(ConnectionString);
            return await connection.ExecuteScalarAsync<string>("SHOW ssl") == "on";
        });
        return certificateFile;
    }

    // As in a power failure.
    public Task StopImmediatelyAsync() => RunPgCtlAsync("-m", "immediate", "stop");

    // The server accepts connections and does not respond.
    public async Task SuspendAsync()
    {
        await RunAsync("kill", "-STOP", Pid);
        await RunAsync("pkill", "-STOP", "-P", Pid);
    }

    public async Task ResumeAsync()
    {
        await RunAsync("pkill", "-CONT", "-P", Pid);
        await RunAsync("kill", "-CONT", Pid);
    }

    // Closes all connections and accepts no more.
    public async Task RejectConnectionsAsync()
    {
        await ExecuteAsync($"ALTER ROLE {Service} CONNECTION LIMIT 0");
        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = @Service", new { Service });
    }

    public Task AcceptConnectionsAsync() => ExecuteAsync($"ALTER ROLE {Service} CONNECTION LIMIT -1");

    // No file may grow beyond the largest of all tables and indexes: to writers this is a full disk.
    public Task FillDiskAsync() =>
        SetMaxFileSizeAsync(Directory.EnumerateFiles(Path.Combine(DataFolder, "base"), "*", SearchOption.AllDirectories)
            .Max(file => new FileInfo(file).Length).ToString(CultureInfo.InvariantCulture));

    public Task FreeDiskAsync() => SetMaxFileSizeAsync("unlimited");

    // The administrator's connection to a database of the service's user.
    public static async Task<NpgsqlConnection> ConnectAsAdministratorAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Username = Administrator, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    // Waits until so many of the service's statements wait for an event of this type or name.
    public async Task WaitUntilBlockedAsync(string forWhat, int minProcesses = 1)
    {
        await using var connection = await ConnectAsAdministratorAsync(ConnectionString);
        await Eventually.TrueAsync(async () => await connection.ExecuteScalarAsync<int>(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE usename = @Service AND @forWhat IN (wait_event_type, wait_event)",
            new { Service, forWhat }) >= minProcesses);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await ResumeAsync();
            await StopImmediatelyAsync();
        }

        _folder.Delete(recursive: true);
    }

    private string Pid => File.ReadLines(PidFile).First();

    private static string GetProgramPath(string name) => Path.Combine(ProgramFolder!, name);

    private async Task GiveFolderToPostgresAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", _folder.FullName);
        }
    }

    private async Task StartOnFreePortAsync()
    {
        for (var attemptsLeft = 20; !IsRunning; attemptsLeft--)
        {
            // Below the system's ephemeral ports.
            _port = Random.Shared.Next(20_000, 32_000);
            try
            {
                await StartAsync();
            }
            catch (InvalidOperationException) when (attemptsLeft > 0)
            {
                // The port is in use.
            }
        }
    }

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await ConnectAsAdministratorAsync(ConnectionString);
        await connection.ExecuteAsync(sql, parameters);
    }

    private string CreateConnectionString(string user) =>
        new NpgsqlConnectionStringBuilder {
            Host = "127.0.0.1", Port = _port, Username = user, Database = "postgres", SslMode = SslMode.Disable }.ConnectionString;

    private async Task SetMaxFileSizeAsync(string bytes)
    {
        var children = await RunAsync("pgrep", "-P", Pid);
        foreach (var process in children.Split('\n', StringSplitOptions.RemoveEmptyEntries).Prepend(Pid))
        {
            // Only the soft limit, which can be raised again.
            await RunAsPostgresAsync("prlimit", "--pid", process, $"--fsize={bytes}:");
        }
    }

    private Task<string> RunPgCtlAsync(params IEnumerable<string> arguments) =>
        RunAsPostgresAsync(GetProgramPath("pg_ctl"), ["-D", DataFolder, "-w", .. arguments]);

    // PostgreSQL refuses to run as root.
    private static Task<string> RunAsPostgresAsync(string program, params IEnumerable<string> arguments) => Environment.IsPrivilegedProcess
        ? RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments])
        : RunAsync(program, arguments);

    private static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        // The current directory must be readable for it.
        using var process = Process.Start(new ProcessStartInfo(program, arguments) {
            UseShellExecute = false, WorkingDirectory = "/", RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await output}{await error}");
    }
}
