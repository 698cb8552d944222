using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Faults;

/// <summary>Something that goes wrong with calls that match, from the n-th on and so many times.</summary>
public sealed record Fault
{
    private Fault(string method, string path)
    {
        Method = method;
        Path = path;
    }

    /// <summary>HTTP method; <c>*</c> for any.</summary>
    public string Method { get; }

    /// <summary>Regular expression that is looked for in the decoded path.</summary>
    public string Path { get; }

    /// <summary>Matching calls that are spared first.</summary>
    public int Skip { get; init; }

    /// <summary>How often it strikes after that.</summary>
    public int Times { get; init; } = 1;

    /// <summary>Waited for first.</summary>
    public TimeSpan Delay { get; init; }

    public FaultAction Action { get; private init; }

    public int Status { get; private init; }

    public string Body { get; init; } = "";

    public string ContentType { get; init; } = "application/json";

    /// <summary>Value of the <c>Retry-After</c> header: seconds or an HTTP date.</summary>
    public string? RetryAfter { get; init; }

    public static Fault Answering(string method, [StringSyntax(StringSyntaxAttribute.Regex)] string path, int status) => new(method, path)
    {
        Action = FaultAction.Answer,
        Status = status,
        Body = $$"""{"message":"injected fault {{status}}"}""",
    };

    /// <summary>Refuses a node's registration with this text.</summary>
    public static Fault RefusingRegistration(string text) => new("POST", "^/machine/register$")
    {
        Action = FaultAction.Answer,
        Status = 200,
        Body = new JsonObject { ["Error"] = text }.ToJsonString(),
    };

    public static Fault Delaying(string method, [StringSyntax(StringSyntaxAttribute.Regex)] string path, TimeSpan delay) =>
        new(method, path) { Delay = delay };

    public static Fault Cutting(string method, [StringSyntax(StringSyntaxAttribute.Regex)] string path) =>
        new(method, path) { Action = FaultAction.Cut };

    public static Fault LosingAnswer(string method, [StringSyntax(StringSyntaxAttribute.Regex)] string path) =>
        new(method, path) { Action = FaultAction.LoseAnswer };

    internal ApiReply ToReply() => ApiReply.Text(Status, Body, ContentType) with { RetryAfter = RetryAfter };
}
