using System.Text.Json.Nodes;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>The requests of operators, from the API server's audit log.</summary>
internal sealed class RequestLog(string path)
{
    /// <summary>How many requests of any kind the server has finished.</summary>
    public int Count => Lines().Length;

    /// <summary>Finished writes of operators after so many lines, as <c>verb path user code</c>.</summary>
    public IReadOnlyList<string> Writes(int after = 0) =>
        [.. Requests(after).Where(request => (string?)request["verb"] is not ("get" or "list" or "watch")).Select(Describe)];

    /// <summary>Users in whose name operators made requests that succeeded after so many lines. Not of watches, which are old when they end.</summary>
    public IReadOnlySet<string> Users(int after = 0) =>
        Requests(after)
            .Where(request => (int?)request["responseStatus"]!["code"] < 300 && (string?)request["verb"] != "watch")
            .Select(request => (string)request["user"]!["username"]!).ToHashSet();

    private static string Describe(JsonNode request) =>
        $"{request["verb"]} {request["requestURI"]} {request["user"]!["username"]} {request["responseStatus"]!["code"]}";

    private IEnumerable<JsonNode> Requests(int after) =>
        Lines().Skip(after).Select(line => JsonNode.Parse(line)!)
            .Where(request => ((string?)request["userAgent"])?.StartsWith("fairlead-operator", StringComparison.Ordinal) == true);

    private string[] Lines()
    {
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = file.ReadToEnd();
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
