namespace Analytics.Bench;

/// <summary>A script of wrk that sends the requests of several callers in turn. Disposing deletes it.</summary>
internal sealed class RequestScript : IDisposable
{
    private const string SendInTurn =
        """
        local requests, last = {}, 0
        function init()
          for number, headers in ipairs(callers) do requests[number] = wrk.format("GET", nil, headers) end
        end
        function request()
          last = last % #requests + 1
          return requests[last]
        end
        """;

    public RequestScript(IEnumerable<IReadOnlyList<(string Name, string Value)>> callers)
    {
        var headers = callers.Select(
            caller => $"{{{string.Join(", ", caller.Select(header => $"[\"{header.Name}\"] = \"{header.Value}\""))}}}");
        System.IO.File.WriteAllText(File, $"local callers = {{{string.Join(",\n", headers)}}}\n{SendInTurn}\n");
    }

    public string File { get; } = Path.GetTempFileName();

    public void Dispose() => System.IO.File.Delete(File);
}
